//! The measurement of the bot: memory with many dialogues open, taps at a steady pace, and restarts under them.

use anyhow::{Context as _, ensure};

use crate::{
    BotOptions,
    bot::{
        figures::{Figures, Steady},
        stage::Stage,
        taps::Load,
    },
    page, usage,
};

mod figures;
mod people;
mod stage;
mod taps;

/// Measures, prints the table, and writes it where it was asked for.
///
/// # Errors
///
/// Fails as well where a limit is missed.
pub(crate) fn bot(options: &BotOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let figures = runtime.block_on(measure(options))?;
    figures.print();
    if let Some(path) = &options.write {
        page::write(path, "bench-bot", &figures.page(options)?)?;
    }
    let misses = figures.misses();
    ensure!(misses.is_empty(), "not within the limits:\n  {}", misses.join("\n  "));
    println!("all within the limits");
    Ok(())
}

async fn measure(options: &BotOptions) -> anyhow::Result<Figures> {
    let mut stage = Stage::set(options).await?;
    eprintln!("opening {} dialogues", options.dialogues());
    let everybody = people::bring(&stage.control, options.dialogues()).await?;
    people::open_dialogues(&stage.control, &everybody).await?;
    let dialogues_mb = usage::rss_mb(stage.bot_pid()?)?;

    let tappers = people::open_today(&stage.control, &everybody[..options.tappers()]).await?;
    let mut load = Load::new(stage.control.clone(), tappers, options.taps_per_second);
    let mut steady = Vec::new();
    for run in 1..=options.runs() {
        let before = stage.used().await?;
        let taps = load.run_for(options.run_time()).await?;
        let used = stage.used().await?.since(&before);
        eprintln!("run {run}: {}", taps.line());
        steady.push(Steady { taps, used });
    }
    let after_taps_mb = usage::rss_mb(stage.bot_pid()?)?;

    // Nobody's token is known to a bot that has just begun.
    stage.restart_bot().await?;
    let before = stage.used().await?;
    let first = load.run_each_once().await?;
    let first = Steady { taps: first, used: stage.used().await?.since(&before) };
    eprintln!("first taps: {}", first.taps.line());

    let restarts = options.restarts();
    eprintln!("{restarts} restarts under {} taps a second", options.taps_per_second);
    let (taps, longest_restart) = load.run_during(stage.restart_bot_often(restarts)).await?;
    let longest_restart = longest_restart.context("the bot did not come back")?;
    eprintln!("restarts: {}", taps.line());
    let wrong_states = load.wrong_states(&stage.postgres)?;
    Ok(Figures {
        dialogues: options.dialogues(),
        dialogues_mb,
        after_taps_mb,
        steady,
        first,
        restarts,
        under_restarts: taps,
        longest_restart,
        wrong_states,
    })
}
