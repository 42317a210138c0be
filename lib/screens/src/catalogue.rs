//! Habits to start from.

use wire::template::Template;

use crate::{
    Action, Button, Locale, Screen,
    action::Answer,
    page::Page,
    problem::Problem,
    text::{key, text},
};

/// Templates on one page, two in a row.
const PAGE_ROWS: usize = 10;

/// The first question of a creation: tap a template, write the habit in a line, or go step by step. `draft` ties the
/// buttons to this very creation.
pub fn catalogue(locale: Locale, draft: i64, templates: &[Template], page: u8, problem: Option<Problem>) -> Screen {
    let page = Page::of(templates, PAGE_ROWS, page);
    let say = |answer| Action::Answer { draft, answer };
    let template = |template: &Template| {
        Button::new(format!("{} {}", template.emoji, template.name), say(Answer::Template { id: template.id }))
    };
    let mut keyboard: Vec<Vec<Button>> = page.rows.chunks(2).map(|pair| pair.iter().map(template).collect()).collect();
    keyboard.extend(page.turn(|page| say(Answer::Catalogue { page })));
    keyboard.push(vec![
        Button::new(text(locale, key::BUTTON_STEP_BY_STEP), say(Answer::StepByStep)),
        Button::new(text(locale, key::BUTTON_CANCEL), say(Answer::Cancel)),
    ]);
    Screen::new(text(locale, key::CATALOGUE), keyboard).after(locale, problem)
}
