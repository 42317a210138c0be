//! The journey as people see it: the chat page in a browser, with pictures of it where they are asked for.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use serde_json::json;
use sqlx::PgPool;

use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(20);

/// Folder for the pictures: `make screenshots` sets it.
const PICTURES: &str = "SCREENSHOTS";

struct Browser {
    client: Client,
    driver: Child,
}

impl Browser {
    /// A window of this size, in CSS pixels.
    async fn open(width: u32, height: u32, dark: bool) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("no chromedriver, which `make tools` installs: {error}"));
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let port = line.unwrap().split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned();
            Some(port)
        });
        // Whatever it writes later has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let size = format!("--window-size={width},{height}");
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            &size,
        ];
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0");
        }
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(options.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{}", port.unwrap()))
            .await
            .unwrap();
        Self { client, driver }
    }

    /// The column of a person.
    async fn chat(&self, at: usize) -> Chat<'_> {
        let path = format!("//section[contains(@class, 'chat')][{at}]");
        self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await.unwrap();
        Chat { browser: self, path }
    }

    async fn keeps_picture(&self, name: &str) {
        let Some(folder) = env::var_os(PICTURES) else {
            return;
        };
        // Bubbles slide in.
        tokio::time::sleep(Duration::from_millis(800)).await;
        let png = self.client.screenshot().await.unwrap();
        fs::write(PathBuf::from(folder).join(name), png).unwrap();
    }

    async fn close(mut self) {
        self.client.clone().close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }
}

/// One person's chat on the page.
struct Chat<'a> {
    browser: &'a Browser,
    path: String,
}

impl Chat<'_> {
    async fn element(&self, below: &str) -> Element {
        let path = format!("{}{below}", self.path);
        let found = self.browser.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        found.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    async fn begins(&self) {
        self.element("//button[contains(@class, 'start')]").await.click().await.unwrap();
    }

    async fn writes(&self, text: &str) {
        self.element("//textarea").await.send_keys(&format!("{text}\n")).await.unwrap();
    }

    /// Taps the button of the newest message that has it.
    async fn taps(&self, label: &str) {
        let path = format!("({}//button[contains(@class, 'key')][contains(., '{label}')])[last()]", self.path);
        let found = self.browser.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        found.unwrap_or_else(|error| panic!("{path}: {error}")).click().await.unwrap();
    }

    async fn sees(&self, text: &str) {
        self.element(&format!("//li[contains(@class, 'theirs')][contains(., '{text}')]")).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn two_people_plant_habits_and_tick_them_on_the_chat_page(pool: PgPool) {
    let world = World::new(pool).await;
    let anna = world.person("Anna", "en").await;
    let maria = world.person("Мария", "ru").await;
    let browser = Browser::open(1100, 940, false).await;
    browser.client.goto(&world.page()).await.unwrap();

    let chat = browser.chat(1).await;
    chat.begins().await;
    chat.sees("Where do you live?").await;
    chat.taps("Kathmandu").await;
    chat.sees("Your time zone is").await;
    chat.taps("New habit").await;
    chat.sees("Tap one, or write yours in a line").await;
    chat.writes("read 20 pages mon wed sun 21:30").await;
    chat.sees("Shall I plant it?").await;
    browser.keeps_picture("new-habit.png").await;
    chat.taps("Create").await;
    chat.sees("is planted").await;

    let other = browser.chat(2).await;
    other.begins().await;
    other.sees("Где вы живёте?").await;
    other.taps("Москва").await;
    other.taps("Новая привычка").await;
    other.taps("Пить воду").await;
    other.taps("Создать").await;
    other.sees("посажена").await;
    other.taps("Сегодня").await;

    for name in ["Morning run", "Call mom"] {
        world.habit(&anna, name).await;
    }
    chat.taps("Today").await;
    chat.taps("Morning run").await;
    chat.sees("1 of 3 done").await;
    browser.keeps_picture("chat.png").await;
    browser.close().await;
    assert_eq!(world.habit_names().await, ["read", "Пить воду", "Morning run", "Call mom"]);
    drop((anna, maria));
    world.end().await;
}
