//! Templates: habits that people can start from.

use chrono::NaiveTime;
use serde_json::Value;
use sqlx::PgConnection;

/// A template in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub id: i64,
    pub slug: String,
    pub category: String,
    pub emoji: String,
    /// `{"name": …, "description": …, "unit": …, "category": …}`; the last three are optional.
    pub texts: Value,
    /// Tagged by `type`.
    pub schedule: Value,
    /// `{"direction": …, "amount": …}`; `None` for a habit that is just done.
    pub goal: Option<Value>,
    pub target_days: i32,
    /// Local times in the person's zone.
    pub reminder_times: Vec<NaiveTime>,
}

/// The catalogue in its order, at most `limit`. Texts are those of the first of `locales` that a template has, or the
/// English ones.
///
/// # Errors
///
/// Fails when the database does.
pub async fn list(conn: &mut PgConnection, locales: &[String], limit: i64) -> sqlx::Result<Vec<Template>> {
    sqlx::query_as!(
        Template,
        r#"select id, slug, category, emoji,
                  coalesce(
                      (select texts -> locale from unnest($1::text[]) with ordinality as asked (locale, rank)
                       where texts ? locale order by rank limit 1),
                      texts -> 'en') as "texts!",
                  schedule, goal, target_days, reminder_times
           from templates order by position, id limit $2"#,
        locales,
        limit,
    )
    .fetch_all(conn)
    .await
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    async fn names(db: &PgPool, locales: &[&str]) -> Vec<String> {
        let locales: Vec<String> = locales.iter().map(|locale| (*locale).to_owned()).collect();
        let templates = list(&mut db.acquire().await.unwrap(), &locales, 2).await.unwrap();
        templates.iter().map(|template| template.texts["name"].as_str().unwrap().to_owned()).collect()
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn texts_are_those_of_the_first_language_that_a_template_has(db: PgPool) {
        sqlx::query("update templates set texts = texts - 'ru' where slug = 'walk'").execute(&db).await.unwrap();
        assert_eq!(names(&db, &["pt-BR", "pt", "ru"]).await, ["Пить воду", "Walk"]);
        assert_eq!(names(&db, &["ru", "en"]).await, ["Пить воду", "Walk"]);
        assert_eq!(names(&db, &["en", "ru"]).await, ["Drink water", "Walk"]);
        assert_eq!(names(&db, &["fr"]).await, ["Drink water", "Walk"]);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn templates_come_by_position(db: PgPool) {
        sqlx::query(
            r#"insert into templates (source, slug, resource_uid, category, emoji, position, texts, schedule, target_days,
                   reminder_times, created_at, updated_at)
               values ('crd', 'walk', gen_random_uuid(), 'Learning', '📖', 15, '{"en": {"name": "Ours"}}',
                   '{"type": "daily"}', 21, '{21:00}', now(), now())"#,
        )
        .execute(&db)
        .await
        .unwrap();
        let templates = list(&mut db.acquire().await.unwrap(), &[], 3).await.unwrap();
        let slugs: Vec<&str> = templates.iter().map(|template| template.texts["name"].as_str().unwrap()).collect();
        assert_eq!(slugs, ["Drink water", "Ours", "Walk"]);
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn every_template_is_told_in_english_and_russian_and_has_a_unit_where_it_has_a_goal(db: PgPool) {
        let incomplete: Vec<String> = sqlx::query_scalar(
            "select slug || ' ' || locale from templates, unnest(array['en', 'ru']) as locale
             where texts #>> array[locale, 'name'] is null or texts #>> array[locale, 'description'] is null
                or texts #>> array[locale, 'category'] is null
                or (goal is not null and texts #>> array[locale, 'unit'] is null)",
        )
        .fetch_all(&db)
        .await
        .unwrap();
        assert_eq!(incomplete, Vec::<String>::new());
    }
}
