// One person's chat with the bot.

import { messageNode, node } from './bubbles.js';

const WORDS = {
  en: {
    message: 'Message', menu: 'Menu', start: 'START', restart: 'RESTART BOT', edited: 'edited', bot: 'bot', typing: 'typing…',
    location: 'Location', photo: 'Photo', sticker: 'Sticker', block: 'Block the bot', blocked: 'you blocked the bot', today: 'Today',
    about: 'What can this bot do?', empty: 'Press START to begin.', late: 'The bot does not answer',
  },
  ru: {
    message: 'Сообщение', menu: 'Меню', start: 'НАЧАТЬ', restart: 'ПЕРЕЗАПУСТИТЬ', edited: 'изменено', bot: 'бот', typing: 'печатает…',
    location: 'Геопозиция', photo: 'Фото', sticker: 'Стикер', block: 'Заблокировать бота', blocked: 'вы заблокировали бота', today: 'Сегодня',
    about: 'Что умеет этот бот?', empty: 'Нажмите «Начать».', late: 'Бот не отвечает',
  },
};
const ACTION_REFRESH_MS = 5_200;
const TOAST_MS = 3_500;
const ANSWER_TIMEOUT_MS = 30_000;

export class Chat {
  // `page` has request(method, path, body), choosePlace(), alert(text), fileAddress(id).
  constructor(person, page) {
    this.person = person;
    this.page = page;
    this.words = WORDS[person.language_code] ?? WORDS.en;
    this.nodes = new Map();
    this.keyboardShown = true;
    this.element = document.getElementById('chat-template').content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.element.querySelector(selector);
    this.build();
  }

  build() {
    const { words, person } = this;
    const name = [person.first_name, person.last_name].filter(Boolean).join(' ');
    this.element.setAttribute('aria-label', `Chat of ${name}`);
    this.element.lang = person.language_code ?? 'en';
    this.find('.who').textContent = name;
    this.find('.menu b').textContent = words.menu;
    this.find('.empty strong').textContent = words.about;
    const block = this.find('.block');
    block.title = words.block;
    block.setAttribute('aria-label', words.block);
    block.addEventListener('click', () => this.act('block'));
    this.input = this.find('textarea');
    this.input.placeholder = words.message;
    this.input.setAttribute('aria-label', words.message);
    this.input.addEventListener('input', () => this.typed());
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.find('.line').addEventListener('submit', (event) => { event.preventDefault(); this.submit(); });
    this.find('.menu').addEventListener('click', () => this.showCommands(this.find('.commands').hidden ? '' : null));
    this.find('.attach').addEventListener('click', () => this.toggleAttachments());
    this.find('.toggle').addEventListener('click', () => { this.keyboardShown = !this.keyboardShown; this.drawReplyKeyboard(); });
    this.find('.start').addEventListener('click', () => this.begin());
    this.list = this.find('.messages');
    this.scroller = this.find('.body');
    this.list.addEventListener('scroll', () => { this.find('.jump').hidden = this.atEnd(); });
    this.find('.jump').addEventListener('click', () => this.toEnd('smooth'));
    this.buildAttachments();
    this.element.addEventListener('focusout', (event) => {
      if (!this.find('.composer').contains(event.relatedTarget)) this.closePopups();
    });
  }

  buildAttachments() {
    const choice = (icon, label, run) => {
      const button = node('button', '', node('span', 'icon', icon), label);
      button.type = 'button';
      button.setAttribute('role', 'menuitem');
      button.addEventListener('click', () => { this.closePopups(); run(); });
      return button;
    };
    this.find('.attachments').append(
      choice('📍', this.words.location, () => this.sendPlace()),
      choice('🖼', this.words.photo, () => this.send({ kind: 'photo', caption: '' })),
      choice('👍', this.words.sticker, () => this.send({ kind: 'sticker', emoji: '👍' })),
    );
  }

  // Looks at the chat again; calls meanwhile are one further look, and all wait for it.
  refresh() {
    this.again = true;
    this.refreshing ??= this.look().finally(() => { this.refreshing = null; });
    return this.refreshing;
  }

  async look() {
    while (this.again) {
      this.again = false;
      const view = await this.page.request('GET', `chats/${this.person.id}`);
      if (view) this.draw(view);
    }
  }

  draw(view) {
    const { words } = this;
    this.view = view;
    this.find('.bot-name').textContent = view.bot.name;
    const status = view.blocked ? words.blocked : view.action ? words.typing : words.bot;
    this.find('.status').textContent = status;
    this.find('.status').classList.toggle('busy', Boolean(view.action) && !view.blocked);
    clearTimeout(this.actionTimer);
    if (view.action) this.actionTimer = setTimeout(() => this.refresh(), ACTION_REFRESH_MS);
    this.drawMessages(view.messages);
    this.find('.empty').hidden = view.messages.length > 0;
    this.find('.empty p').textContent = view.description || words.empty;
    const begun = view.messages.length > 0 && !view.blocked;
    this.find('.start').hidden = begun;
    this.find('.start').textContent = view.blocked ? words.restart : words.start;
    this.find('.line').hidden = !begun;
    this.find('.block').hidden = !begun;
    this.find('.menu').hidden = view.commands.length === 0;
    this.drawReplyKeyboard();
  }

  drawMessages(messages) {
    const atEnd = this.atEnd();
    const wanted = new Set(messages.map((message) => message.message_id));
    for (const [id, shown] of this.nodes) {
      if (!wanted.has(id)) { shown.element.remove(); this.nodes.delete(id); }
    }
    let added = false;
    for (const message of messages) {
      const known = this.nodes.get(message.message_id);
      const state = JSON.stringify(message);
      if (known?.state === state) continue;
      const element = messageNode(message, this, this.words);
      if (known) known.element.replaceWith(element);
      else { this.list.append(element); element.classList.add('new'); added = true; }
      this.nodes.set(message.message_id, { element, state });
    }
    this.drawDays(messages);
    if (atEnd) this.toEnd(added && this.drawn ? 'smooth' : 'instant');
    this.drawn = true;
  }

  drawDays(messages) {
    this.list.querySelectorAll('.day').forEach((day) => day.remove());
    const today = new Date().toDateString();
    let last = '';
    for (const message of messages) {
      const date = new Date(message.sent_at_ms);
      if (date.toDateString() !== last) {
        last = date.toDateString();
        const name = last === today ? this.words.today : date.toLocaleDateString(this.person.language_code ?? 'en', { day: 'numeric', month: 'long' });
        this.nodes.get(message.message_id).element.before(node('li', 'day', node('span', '', name)));
      }
    }
  }

  drawReplyKeyboard() {
    const keyboard = this.view?.reply_keyboard;
    const offered = Boolean(keyboard) && !this.view.blocked && this.view.messages.length > 0;
    const place = this.find('.reply-keyboard');
    this.find('.toggle').hidden = !offered;
    this.find('.toggle').setAttribute('aria-pressed', String(this.keyboardShown));
    place.hidden = !offered || !this.keyboardShown;
    const atEnd = this.atEnd();
    place.replaceChildren(...(offered ? keyboard.keyboard : []).map((row) => node('div', 'row', ...row.map((button) => this.replyKey(button)))));
    this.input.placeholder = (offered && keyboard.input_field_placeholder) || this.words.message;
    if (atEnd) this.toEnd('instant');
  }

  replyKey(button) {
    const key = node('button', '', button.request_location ? `📍 ${button.text}` : button.text);
    key.type = 'button';
    key.addEventListener('click', () => (button.request_location ? this.sendPlace() : this.send({ kind: 'text', text: button.text })));
    return key;
  }

  // What a message offers to do.

  command(text) { this.send({ kind: 'text', text }); }

  file(id) { return this.page.fileAddress(id); }

  async press(key, button) {
    if (key.classList.contains('waiting') || !button.callback_data) return;
    const messageId = [...this.nodes].find(([, shown]) => shown.element.contains(key))?.[0];
    key.classList.add('waiting');
    key.setAttribute('aria-busy', 'true');
    const choice = { message_id: messageId, data: button.callback_data, stale: true };
    const pressed = await this.page.request('POST', `people/${this.person.id}/press`, choice, (problem) => this.toast(problem));
    const answer = pressed && await this.page.request('GET', `presses/${pressed.callback_query_id}?timeout_ms=${ANSWER_TIMEOUT_MS}`, undefined, () => this.toast(this.words.late));
    key.classList.remove('waiting');
    key.removeAttribute('aria-busy');
    if (answer?.text) answer.show_alert ? this.page.alert(answer.text) : this.toast(answer.text);
  }

  // What the person does.

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = '';
    this.typed();
    this.send({ kind: 'text', text });
    this.input.focus();
  }

  async send(sending) {
    this.closePopups();
    await this.page.request('POST', `people/${this.person.id}/send`, sending, (problem) => this.toast(problem));
    this.toEnd('smooth');
  }

  async sendPlace() {
    const place = await this.page.choosePlace();
    if (place) this.send({ kind: 'location', ...place });
  }

  async begin() {
    if (this.view?.blocked) await this.act('unblock');
    await this.send({ kind: 'text', text: '/start' });
    await this.refresh();
    this.input.focus();
  }

  act(what) { return this.page.request('POST', `people/${this.person.id}/${what}`, {}, (problem) => this.toast(problem)); }

  typed() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
    const value = this.input.value;
    this.showCommands(/^\/[a-z0-9_]*$/.test(value) ? value.slice(1) : null);
  }

  key(event) {
    const open = !this.find('.commands').hidden;
    if (event.key === 'Escape') this.closePopups();
    else if (open && event.key === 'ArrowUp') { event.preventDefault(); this.find('.commands').lastElementChild?.firstElementChild.focus(); }
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
  }

  // Shows the commands that begin with `prefix`; null hides them.
  showCommands(prefix) {
    const list = this.find('.commands');
    const commands = prefix === null ? [] : (this.view?.commands ?? []).filter(({ command }) => command.startsWith(prefix));
    list.hidden = commands.length === 0;
    this.find('.attachments').hidden = true;
    list.replaceChildren(...commands.map(({ command, description }) => {
      const button = node('button', '', node('b', '', `/${command}`), node('span', '', description));
      button.type = 'button';
      button.setAttribute('role', 'option');
      button.addEventListener('click', () => { this.input.value = ''; this.send({ kind: 'text', text: `/${command}` }); this.input.focus(); });
      button.addEventListener('keydown', (event) => {
        const item = button.parentElement;
        const next = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
        if (next) { event.preventDefault(); next.firstElementChild.focus(); }
        if (event.key === 'Escape') { this.closePopups(); this.input.focus(); }
      });
      return node('li', '', button);
    }));
  }

  toggleAttachments() {
    const menu = this.find('.attachments');
    this.find('.commands').hidden = true;
    menu.hidden = !menu.hidden;
    if (!menu.hidden) menu.firstElementChild.focus();
  }

  closePopups() {
    this.find('.commands').hidden = true;
    this.find('.attachments').hidden = true;
  }

  toast(text) {
    const toast = this.find('.toast');
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  }

  atEnd() { return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60; }

  toEnd(behavior) { this.list.scrollTo({ top: this.list.scrollHeight, behavior }); }
}
