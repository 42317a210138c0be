// Messages as DOM nodes. Text only ever becomes text nodes: nothing a person or a bot writes is read as HTML.

const TAGS = {
  bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', spoiler: 'span', code: 'code', pre: 'pre',
  blockquote: 'blockquote', expandable_blockquote: 'blockquote', text_link: 'a', url: 'a', bot_command: 'a', mention: 'a',
};

export function node(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function safeAddress(address) {
  try {
    const url = new URL(address);
    return ['http:', 'https:', 'tg:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function entityNode(entity, covered, act) {
  const element = document.createElement(TAGS[entity.type] ?? 'span');
  if (entity.type === 'spoiler') {
    element.className = 'spoiler';
    element.tabIndex = 0;
    const reveal = () => element.classList.add('seen');
    element.addEventListener('click', reveal);
    element.addEventListener('keydown', (event) => { if (event.key === 'Enter') reveal(); });
  } else if (entity.type === 'bot_command') {
    element.href = '#';
    element.addEventListener('click', (event) => { event.preventDefault(); act.command(covered); });
  } else if (element.tagName === 'A') {
    const address = safeAddress(entity.url ?? covered);
    if (address) Object.assign(element, { href: address, target: '_blank', rel: 'noopener noreferrer' });
  }
  return element;
}

// Entities are sorted by offset, the longer one first; offsets are UTF-16 units, as in JavaScript strings.
function fill(parent, text, from, to, entities, act) {
  let at = from;
  for (let index = 0; index < entities.length;) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    const inside = [];
    for (index += 1; index < entities.length && entities[index].offset < end; index += 1) inside.push(entities[index]);
    parent.append(text.slice(at, entity.offset));
    const element = entityNode(entity, text.slice(entity.offset, end), act);
    fill(element, text, entity.offset, end, inside, act);
    parent.append(element);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function contentNode(message, act) {
  const { content } = message;
  switch (content.kind) {
    case 'photo': {
      const image = node('img', 'picture');
      Object.assign(image, { src: act.file(content.file_id), alt: message.text || 'Photo', width: content.width, height: content.height });
      return image;
    }
    case 'document': {
      const link = node('a', 'file', node('span', 'icon', '📄'), node('span', '', content.file_name));
      Object.assign(link, { href: act.file(content.file_id), download: content.file_name });
      return link;
    }
    case 'sticker':
      return node('span', 'emoji', content.emoji);
    case 'voice': {
      const wave = node('span', 'wave');
      wave.setAttribute('aria-hidden', 'true');
      return node('span', 'record', node('span', 'play', '▶'), wave, `0:${String(content.duration_s).padStart(2, '0')}`);
    }
    case 'location': {
      const place = `${content.latitude.toFixed(4)}, ${content.longitude.toFixed(4)}`;
      const map = node('span', 'map', node('span', 'pin', '📍'));
      map.setAttribute('aria-hidden', 'true');
      return node('span', 'spot', map, node('span', 'place', place));
    }
    default:
      return null;
  }
}

function inlineButton(button, act) {
  if (button.url) {
    const link = node('a', 'key', button.text);
    Object.assign(link, { href: safeAddress(button.url) ?? '#', target: '_blank', rel: 'noopener noreferrer' });
    link.append(node('span', 'corner', '↗'));
    return link;
  }
  const key = node('button', 'key', button.text);
  key.type = 'button';
  key.addEventListener('click', () => act.press(key, button));
  return key;
}

function keyboardNode(rows, act) {
  const keyboard = node('div', 'keyboard');
  for (const row of rows) keyboard.append(node('div', 'row', ...row.map((button) => inlineButton(button, act))));
  return keyboard;
}

export function clock(ms) {
  return new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

// One message: bubble, time, keyboard. `act` has command(text), press(key, button), file(id); `words` are in the person's language.
export function messageNode(message, act, words) {
  const mine = message.from !== 'bot';
  const item = node('li', `message ${mine ? 'mine' : 'theirs'} ${message.content.kind}`);
  const bubble = node('div', 'bubble');
  const content = contentNode(message, act);
  if (content) bubble.append(content);
  if (message.text) {
    const text = node('div', 'text');
    fill(text, message.text, 0, message.text.length, message.entities, act);
    bubble.append(text);
  }
  const meta = node('span', 'meta');
  if (message.edits > 0) meta.append(node('span', 'edited', words.edited), ' ');
  if (message.silent) meta.append('🔕 ');
  const time = node('time', '', clock(message.sent_at_ms));
  time.dateTime = new Date(message.sent_at_ms).toISOString();
  time.title = new Date(message.sent_at_ms).toLocaleString('en-GB');
  meta.append(time);
  if (mine) meta.append(node('span', 'ticks', '✓✓'));
  bubble.append(meta);
  item.append(bubble);
  if (message.keyboard.length > 0) item.append(keyboardNode(message.keyboard, act));
  return item;
}
