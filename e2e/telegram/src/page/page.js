// The page: who is there, whose chats are open, and the news that keep them fresh.

import { node } from './bubbles.js';
import { Chat } from './chat.js';

const PLACES = [
  ['London', 51.5074, -0.1278], ['Berlin', 52.52, 13.405], ['Москва', 55.7558, 37.6173],
  ['Kathmandu', 27.7172, 85.324], ['Tokyo', 35.6762, 139.6503], ['New York', 40.7128, -74.006],
];
const COLOURS = ['#e17076', '#7bc862', '#e5a64e', '#65aadd', '#a695e7', '#ee7aae', '#6ec9cb'];
const OPEN_AT_FIRST = 2;
const RETRY_MS = 2_000;
const LOAD_DELAY_MS = 120;
const PEOPLE_SHOWN = 50;

const narrow = matchMedia('(max-width: 760px)');
const chats = new Map();
const unread = new Set();
let people = [];
let open = [];
let bot = null;

const element = (id) => document.getElementById(id);

// Asks the control API; a refusal is told to `refused` and gives undefined.
async function request(method, path, body, refused = () => {}) {
  const separator = path.includes('?') ? '&' : '?';
  const address = `control/${path}${bot ? `${separator}bot=${bot.id}` : ''}`;
  const options = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  try {
    const response = await fetch(address, options);
    const answer = await response.json();
    if (response.ok) return answer;
    refused(answer.error ?? response.statusText);
  } catch (error) {
    refused(String(error.message ?? error));
  }
  return undefined;
}

function alertText(text) {
  element('alert-dialog').querySelector('.alert-text').textContent = text;
  element('alert-dialog').showModal();
}

function choosePlace() {
  const dialog = element('place-dialog');
  dialog.returnValue = 'cancel';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const { latitude, longitude } = dialog.querySelector('form').elements;
      resolve(dialog.returnValue === 'send' ? { latitude: Number(latitude.value), longitude: Number(longitude.value) } : null);
    }, { once: true });
  });
}

const page = {
  request, choosePlace, alert: alertText,
  fileAddress: (id) => `control/files/${encodeURIComponent(id)}${bot ? `?bot=${bot.id}` : ''}`,
};

export function avatar(person) {
  const badge = node('span', 'avatar', person.first_name.slice(0, 1).toUpperCase());
  badge.style.background = COLOURS[person.id % COLOURS.length];
  badge.setAttribute('aria-hidden', 'true');
  return badge;
}

function chatOf(person) {
  if (!chats.has(person.id)) {
    const chat = new Chat(person, page);
    chat.element.querySelector('.who').prepend(avatar(person));
    chats.set(person.id, chat);
  }
  return chats.get(person.id);
}

function draw() {
  open = open.filter((id) => people.some((person) => person.id === id));
  if (open.length === 0) open = people.slice(0, narrow.matches ? 1 : OPEN_AT_FIRST).map((person) => person.id);
  if (narrow.matches) open = open.slice(-1);
  open.forEach((id) => unread.delete(id));
  element('people').replaceChildren(...people.map(chip));
  const shown = people.filter((person) => open.includes(person.id)).map(chatOf);
  const columns = [...element('chats').children];
  // Columns that stay keep their focus and their place in the text.
  if (columns.length !== shown.length || shown.some((chat, index) => chat.element !== columns[index])) {
    element('chats').replaceChildren(...shown.map((chat) => chat.element));
    for (const chat of shown) chat.drawn = false;
  }
  element('chats').classList.toggle('nobody', shown.length === 0);
  for (const chat of shown) chat.refresh();
}

function chip(person) {
  const button = node('button', 'chip', avatar(person), node('span', 'name', person.first_name));
  button.type = 'button';
  button.id = `chip-${person.id}`;
  button.classList.toggle('unread', unread.has(person.id));
  button.setAttribute('aria-pressed', String(open.includes(person.id)));
  button.addEventListener('click', () => {
    if (narrow.matches) open = [person.id];
    else open = open.includes(person.id) && open.length > 1 ? open.filter((id) => id !== person.id) : [...new Set([...open, person.id])];
    draw();
    element(`chip-${person.id}`)?.focus();
  });
  return button;
}

async function load() {
  const bots = await request('GET', 'bots');
  const all = await request('GET', 'people');
  if (!bots || !all) return;
  bot = bots.find(({ id }) => id === bot?.id) ?? bots[0] ?? null;
  element('bots').hidden = bots.length < 2;
  element('bots').replaceChildren(...bots.map(({ id, name }) => new Option(`${name} · ${id}`, id, false, id === bot?.id)));
  people = all.slice(0, PEOPLE_SHOWN);
  for (const id of chats.keys()) if (!people.some((person) => person.id === id)) chats.delete(id);
  draw();
}

let loading;
function loadSoon() {
  clearTimeout(loading);
  loading = setTimeout(load, LOAD_DELAY_MS);
}

function news(event) {
  const what = JSON.parse(event.data);
  if (what.kind !== 'chat') { loadSoon(); return; }
  if (bot && what.bot_id !== bot.id) return;
  if (open.includes(what.chat_id)) chats.get(what.chat_id)?.refresh();
  else {
    unread.add(what.chat_id);
    element(`chip-${what.chat_id}`)?.classList.add('unread');
  }
}

function listen() {
  const source = new EventSource('control/events');
  source.addEventListener('open', () => { element('offline').hidden = true; load(); });
  source.addEventListener('message', news);
  source.addEventListener('error', () => {
    element('offline').hidden = false;
    if (source.readyState === EventSource.CLOSED) { source.close(); setTimeout(listen, RETRY_MS); }
  });
}

element('bots').addEventListener('change', (event) => {
  bot = { id: Number(event.target.value) };
  chats.clear();
  load();
});
element('add').addEventListener('click', () => element('add-dialog').showModal());
element('add-dialog').querySelector('form').addEventListener('submit', async (event) => {
  if (event.submitter?.value !== 'add') return;
  event.preventDefault();
  const form = event.target;
  const filled = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
  if (filled.id) filled.id = Number(filled.id);
  const person = await request('POST', 'people', filled, (problem) => { form.querySelector('.problem').textContent = problem; });
  if (!person) return;
  open.push(person.id);
  form.reset();
  form.querySelector('.problem').textContent = '';
  element('add-dialog').close();
  load();
});
element('place-dialog').querySelector('.places').append(...PLACES.map(([name, latitude, longitude]) => {
  const button = node('button', '', name);
  button.type = 'button';
  button.addEventListener('click', () => {
    const form = element('place-dialog').querySelector('form').elements;
    form.latitude.value = latitude;
    form.longitude.value = longitude;
  });
  return button;
}));
narrow.addEventListener('change', draw);
listen();
