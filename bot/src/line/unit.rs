//! What amounts count: the words that are units wherever they follow a number.

/// Units of more than one.
const ENGLISH: &str = "articles bars beers blocks books bottles burpees calories cans cards cells chapters chin-ups \
    chords cigarettes cigs circles coffees crunches cups dips drinks episodes exercises feet flashcards flights floors \
    fruits games glasses gigabytes grams hours kilograms kilometers kilometres kilos laps lessons letters lines liters \
    litres lunges meals meters metres miles milligrams milliliters millilitres minutes moves ounces pages paragraphs \
    pieces pills planks poems pomodoros portions posts pounds problems pullups pull-ups push-ups pushups puzzles \
    questions reps repetitions rounds sentences servings sessions sets sips situps sit-ups sketches snacks songs spoons \
    squats steps stretches sweets tablets tablespoons tasks teas teaspoons verses videos words";

/// Units of one.
const ENGLISH_ONE: &str = "article bar beer book bottle can card chapter cigarette coffee cup drink episode exercise \
    flashcard floor foot fruit game glass gram hour kilogram kilometer kilometre kilo lap lesson letter line liter \
    litre meal meter metre mile milligram milliliter millilitre minute ounce page paragraph piece pill poem pomodoro \
    portion post pound problem puzzle question rep repetition round sentence serving session set sketch snack song \
    spoon squat step sweet tablet tablespoon task tea teaspoon verse video word";

/// Units whatever the number.
const SHORT: &str = "min mins h hr hrs sec secs km mi m ft kg g mg l ml cl oz lb lbs kcal cal pcs pp pg \
    мин ч час сек км м кг г гр мг л мл ккал кал шт стр";

const RUSSIAN: &str = "страница страницу страницы страниц глава главу главы глав книга книгу книги книг \
    минута минуту минуты минут минутка минутку минутки минуток час часа часов секунда секунду секунды секунд \
    километр километра километров метр метра метров миля милю мили миль шаг шага шагов круг круга кругов этаж этажа \
    этажей стакан стакана стаканов стаканчик стаканчика стаканчиков чашка чашку чашки чашек кружка кружку кружки \
    кружек бутылка бутылку бутылки бутылок банка банку банки банок бокал бокала бокалов рюмка рюмку рюмки рюмок литр \
    литра литров миллилитр миллилитра миллилитров грамм грамма граммов килограмм килограмма килограммов кило калория \
    калорию калории калорий ложка ложку ложки ложек глоток глотка глотков порция порцию порции порций кусок куска \
    кусков кусочек кусочка кусочков штука штуку штуки штук таблетка таблетку таблетки таблеток капсула капсулу капсулы \
    капсул капля каплю капли капель сигарета сигарету сигареты сигарет конфета конфету конфеты конфет фрукт фрукта \
    фруктов слово слова слов фраза фразу фразы фраз предложение предложения предложений строка строку строки строк \
    строчка строчку строчки строчек абзац абзаца абзацев статья статью статьи статей урок урока уроков упражнение \
    упражнения упражнений задача задачу задачи задач задание задания заданий вопрос вопроса вопросов карточка карточку \
    карточки карточек серия серию серии серий песня песню песни песен подход подхода подходов повтор повтора повторов \
    повторение повторения повторений отжимание отжимания отжиманий подтягивание подтягивания подтягиваний приседание \
    приседания приседаний берпи выпад выпада выпадов скручивание скручивания скручиваний помидор помидора помидоров \
    сессия сессию сессии сессий";

/// The api's own limit.
const CHARS: usize = 30;

/// Words of time that say how often or how long rather than how much.
const PERIODS: &[&str] = &[
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "день",
    "дня",
    "дней",
    "неделя",
    "неделю",
    "недели",
    "недель",
    "месяц",
    "месяца",
    "месяцев",
    "год",
    "года",
    "лет",
];

/// Whether a word is a unit for sure after this number. `7 minute` says what kind, `7 minutes` says how long.
pub(super) fn is_known(key: &str, amount: f64) -> bool {
    let has = |list: &str| list.split_whitespace().any(|unit| unit == key);
    let is_whole = amount.fract() == 0.0;
    let is_one = (amount - 1.0).abs() < f64::EPSILON;
    has(SHORT) || has(RUSSIAN) || (!is_one && has(ENGLISH)) || ((is_one || !is_whole) && has(ENGLISH_ONE))
}

/// Whether a word only says that times are counted: then there is no unit.
pub(super) fn is_times(key: &str, amount: f64) -> bool {
    match key {
        "times" | "раз" | "раза" => true,
        "time" => (amount - 1.0).abs() < f64::EPSILON,
        _ => false,
    }
}

/// Whether a word can be a unit where an amount is certain: `coffees` in `at most 2 coffees`.
pub(super) fn is_possible(key: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphabetic() || matches!(letter, '-' | '\'');
    key.chars().count() > 1 && key.chars().all(is_letter) && !PERIODS.contains(&key)
}

/// A unit as it is kept.
pub(super) fn kept(unit: &str) -> Option<String> {
    (unit.chars().count() <= CHARS).then(|| unit.to_owned())
}
