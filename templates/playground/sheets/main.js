// The page's state: which book, tab and window is shown, what is selected; asks the server once a second.

import { cellAt, draw, letters, mark } from './grid.js';
import { bindTools, showMeters, toast } from './tools.js';

// chosen: the tab that a person clicked; until then the server shows the fullest one.
const state = { book: null, tab: null, chosen: null, start: null, etag: null, view: null, selected: { row: 0, column: 0 }, seen: null };
const byId = (id) => document.getElementById(id);

export async function api(path, options = {}) {
  const headers = options.body ? { 'Content-Type': 'application/json' } : {};
  return fetch(`/playground/api/${path}`, { cache: 'no-store', ...options, headers: { ...headers, ...options.headers } });
}

/** Do something as staff; the answer to a refusal is shown as it came. */
async function staff(action, details) {
  const body = JSON.stringify({ action, tab: state.tab, ...details });
  const answer = await api(`books/${encodeURIComponent(state.book)}/staff`, { method: 'POST', body });
  if (!answer.ok) toast((await answer.json()).error);
  await refresh();
  return answer.ok;
}

async function chooseBook() {
  const { books } = await (await api('books')).json();
  if (!books.length) return;
  const list = byId('books');
  list.replaceChildren(...books.map((book) => new Option(book.title, book.id)));
  list.hidden = books.length < 2;
  const asked = new URLSearchParams(location.search).get('book');
  state.book = books.some((book) => book.id === asked) ? asked : books[0].id;
  list.value = state.book;
}

async function refresh() {
  if (!state.book) await chooseBook();
  if (!state.book) return;
  const query = new URLSearchParams();
  if (state.chosen !== null) query.set('tab', state.chosen);
  if (state.start !== null) query.set('start', state.start);
  const headers = state.etag ? { 'If-None-Match': state.etag } : {};
  const answer = await api(`books/${encodeURIComponent(state.book)}/grid?${query}`, { headers });
  if (answer.status === 404) state.book = null;
  if (answer.status !== 200) return;
  state.etag = answer.headers.get('ETag');
  show(await answer.json());
}

function show(view) {
  const fresh = freshRows(view);
  const typing = document.activeElement === byId('content');
  state.view = view;
  state.tab = view.tab;
  byId('title').textContent = view.title;
  document.title = `${view.title} (จำลองในเครื่อง)`;
  draw(view, state.selected, fresh);
  showTabs(view);
  showPlace(view);
  showMeters(view.meters);
  byId('empty').hidden = view.total > 0;
  if (!typing) showContent();
  const first = state.seen.isFirst && view.total > view.page / 8;
  if ((fresh.size || first) && byId('follow').checked && state.start === null) followLatest(view);
}

/** Row numbers whose content was not on the page before; none when another tab or window was drawn. */
function freshRows(view) {
  const place = `${state.book}/${view.tab}/${state.start}`;
  const keys = new Map(view.rows.filter((line) => line.length > 1).map((line) => [line[0], JSON.stringify(line.slice(1))]));
  const before = state.seen && state.seen.place === place ? state.seen.keys : null;
  state.seen = { place, keys: new Set(keys.values()), isFirst: !before };
  return new Set(before ? [...keys].filter(([, key]) => !before.has(key)).map(([number]) => number) : []);
}

function followLatest(view) {
  const last = document.querySelector(`th[data-row="${view.total - 1}"]`);
  last?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'smooth' });
}

function showTabs(view) {
  byId('tabs').replaceChildren(
    ...view.tabs.map((tab) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.role = 'tab';
      button.ariaSelected = String(tab.id === view.tab);
      button.textContent = tab.title;
      button.addEventListener('click', () => open(tab.id));
      return button;
    }),
  );
}

function open(tab) {
  Object.assign(state, { tab, chosen: tab, start: null, etag: null, selected: { row: 0, column: 0 } });
  byId('scroller').scrollTo(0, 0);
  refresh();
}

function showPlace(view) {
  const data = Math.max(view.total - view.frozen.length, 0);
  const first = grouped(view.start + 1);
  const last = grouped(Math.min(view.start + view.page, view.total));
  const all = grouped(data);
  const partly = view.total - view.frozen.length > view.page;
  byId('place').textContent = partly ? `แถว ${first}–${last} จาก ${all}` : `${all} แถว`;
  const atStart = view.start <= view.frozen.length;
  const atEnd = view.start + view.page >= view.total;
  for (const button of document.querySelectorAll('[data-page]')) {
    button.hidden = !partly;
    button.disabled = ['first', 'previous'].includes(button.dataset.page) ? atStart : atEnd;
  }
}

function grouped(number) {
  return number.toLocaleString('th-TH-u-nu-latn');
}

function turn(page) {
  const { start, page: size } = state.view;
  const starts = { first: 0, previous: Math.max(start - size, 0), next: start + size, last: null };
  Object.assign(state, { start: starts[page], etag: null });
  byId('scroller').scrollTo(0, page === 'last' ? byId('scroller').scrollHeight : 0);
  refresh();
}

function select(row, column) {
  state.selected = { row: Math.max(row, 0), column: Math.min(Math.max(column, 0), state.view.columns - 1) };
  mark(state.selected)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  showContent();
}

function showContent() {
  const { row, column } = state.selected;
  byId('address').textContent = `${letters(column)}${row + 1}`;
  byId('content').value = cellAt(state.view, row, column).text;
}

function bindGrid() {
  const scroller = byId('scroller');
  scroller.addEventListener('mousedown', (event) => {
    const cell = event.target.closest('td[data-row]');
    if (cell) select(Number(cell.dataset.row), Number(cell.dataset.column));
    const head = event.target.closest('th[data-column]');
    if (head) select(0, Number(head.dataset.column));
  });
  scroller.addEventListener('dblclick', () => byId('content').focus());
  scroller.addEventListener('keydown', (event) => {
    const { row, column } = state.selected;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (moves[event.key]) select(row + moves[event.key][0], column + moves[event.key][1]);
    else if (event.key === 'Enter' || event.key === 'F2') byId('content').focus();
    else if (event.key === 'Delete') staff('edit_cell', { cell: byId('address').textContent, text: '' });
    else return;
    event.preventDefault();
  });
}

function bindFormula() {
  byId('formula').addEventListener('submit', async (event) => {
    event.preventDefault();
    const { row, column } = state.selected;
    byId('scroller').focus();
    if (await staff('edit_cell', { cell: byId('address').textContent, text: byId('content').value })) select(row + 1, column);
  });
  byId('content').addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    showContent();
    byId('scroller').focus();
  });
}

async function poll() {
  let alive = true;
  try {
    if (!document.hidden) await refresh();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch could not reach the server
    alive = false;
  }
  byId('live').classList.toggle('off', !alive);
  byId('live').textContent = alive ? 'อัปเดตสด' : 'ติดต่อเซิร์ฟเวอร์ไม่ได้';
  setTimeout(poll, 1000);
}

bindGrid();
bindFormula();
bindTools({ state, staff, refresh, api });
for (const button of document.querySelectorAll('[data-page]')) button.addEventListener('click', () => turn(button.dataset.page));
byId('books').addEventListener('change', (event) => {
  Object.assign(state, { book: event.target.value, tab: null, start: null, etag: null, seen: null });
  refresh();
});
poll();
