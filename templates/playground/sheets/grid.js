// Draws one window of one tab as a table. Every text goes in by textContent; nothing here builds HTML from text.

const NUMBER_WIDTH = 56;
const EMPTY_WIDTH = 96;
const MIN_WIDTH = 72;
const MAX_WIDTH = 360;
const ID_WIDTH = 124;
const ID = /^[0-9a-f]{8}-?[0-9a-f]{4}|^[A-Za-z0-9_-]{16,}$/;
const KINDS = { n: 'number', b: 'truth' };

/** 0 -> A, 25 -> Z, 26 -> AA */
export function letters(index) {
  let text = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}

/** The cell at a 0-based place of the drawn view, as {text, kind}; empty when it is not in the window. */
export function cellAt(view, row, column) {
  const line = [...view.frozen, ...view.rows].find((each) => each[0] === row + 1);
  const cell = line && line[column + 1];
  return { text: cell ? cell[0] : '', kind: cell ? cell[1] : 't' };
}

/** Draw `view` into the page's table. `fresh` holds row numbers that flash; `selected` is {row, column}. */
export function draw(view, selected, fresh) {
  const widths = columnWidths(view);
  document.getElementById('columns').replaceChildren(column(NUMBER_WIDTH), ...widths.map(column));
  document.getElementById('grid').style.width = `${widths.reduce((sum, width) => sum + width, NUMBER_WIDTH)}px`;
  const head = letterRow(view, selected);
  const frozen = view.frozen.map((line) => rowOf(view, line, selected, fresh, 'frozen'));
  document.getElementById('head').replaceChildren(head, ...frozen);
  document.getElementById('body').replaceChildren(...view.rows.map((line) => rowOf(view, line, selected, fresh, '')));
  stick([head, ...frozen]);
}

/** Move the selection without drawing everything anew. */
export function mark(selected) {
  for (const old of document.querySelectorAll('.selected, .here')) old.classList.remove('selected', 'here');
  const cell = document.querySelector(`td[data-row="${selected.row}"][data-column="${selected.column}"]`);
  cell?.classList.add('selected');
  document.querySelector(`th[data-column="${selected.column}"]`)?.classList.add('here');
  document.querySelector(`th[data-row="${selected.row}"]`)?.classList.add('here');
  return cell;
}

function column(width) {
  const element = document.createElement('col');
  element.style.width = `${width}px`;
  return element;
}

function letterRow(view, selected) {
  const row = document.createElement('tr');
  row.append(header('corner', ''));
  for (let at = 0; at < view.columns; at += 1) {
    const cell = header('letter', letters(at));
    cell.dataset.column = at;
    cell.classList.toggle('here', at === selected.column);
    if (view.locked.includes(at)) {
      const lock = document.createElement('img');
      lock.className = 'lock';
      lock.src = '/assets/lock.svg';
      lock.alt = 'ป้องกันไว้';
      cell.title = 'คอลัมน์นี้ป้องกันไว้ โปรแกรมใช้เทียบแถวกับฐานข้อมูล';
      cell.append(lock);
    }
    row.append(cell);
  }
  return row;
}

function rowOf(view, line, selected, fresh, kind) {
  const row = document.createElement('tr');
  const number = header('', String(line[0]));
  const index = line[0] - 1;
  number.dataset.row = index;
  number.classList.toggle('here', index === selected.row);
  row.className = kind;
  row.classList.toggle('fresh', fresh.has(line[0]));
  row.append(number);
  for (let at = 0; at < view.columns; at += 1) {
    row.append(drawCell(line[at + 1], index, at, index === selected.row && at === selected.column));
  }
  return row;
}

function drawCell(cell, row, columnIndex, isSelected) {
  const element = document.createElement('td');
  element.dataset.row = row;
  element.dataset.column = columnIndex;
  element.classList.toggle('selected', isSelected);
  if (!cell) return element;
  const [text, kind, bold, background] = cell;
  if (KINDS[kind]) element.classList.add(KINDS[kind]);
  if (kind === 't' && ID.test(text)) element.classList.add('id');
  if (bold) element.classList.add('bold');
  if (background) element.style.backgroundColor = background;
  const inner = document.createElement('div');
  inner.textContent = text;
  element.append(inner);
  if (text.length > 40) element.title = text;
  return element;
}

function header(className, text) {
  const element = document.createElement('th');
  element.className = className;
  element.textContent = text;
  return element;
}

/** Frozen rows stand below each other, whatever their height. */
function stick(rows) {
  let top = 0;
  for (const row of rows) {
    for (const cell of row.children) cell.style.top = `${top}px`;
    top += row.getBoundingClientRect().height;
  }
}

function columnWidths(view) {
  const lines = view.rows.slice(-120);
  return Array.from({ length: view.columns }, (_, at) => {
    if (view.widths[at]) return Math.max(view.widths[at], 30);
    const heads = view.frozen.map((line) => headWidth(line[at + 1]));
    const cells = lines.map((line) => cellWidth(line[at + 1]));
    const widest = Math.max(0, ...heads, ...cells);
    return widest ? Math.min(Math.max(Math.ceil(widest), MIN_WIDTH), MAX_WIDTH) : EMPTY_WIDTH;
  });
}

/** A column is as wide as its longest text, up to a limit where text wraps; ids are shown in part. */
function cellWidth(cell) {
  if (!cell || !cell[0]) return 0;
  return cell[1] === 't' && ID.test(cell[0]) ? ID_WIDTH : textWidth(cell[0]) + 20;
}

/** A long heading over short values wraps into about three lines instead of making the column wide. */
function headWidth(cell) {
  if (!cell || !cell[0]) return 0;
  const whole = textWidth(cell[0]) * 1.06 + 20;
  return Math.min(whole, Math.max(110, whole / 2.6 + 12));
}

const pen = document.createElement('canvas').getContext('2d');
const measured = new Map();

function textWidth(text) {
  if (text.length > 60) return MAX_WIDTH;
  if (!measured.has(text)) {
    if (measured.size > 5000) measured.clear();
    pen.font = getComputedStyle(document.body).font;
    measured.set(text, pen.measureText(text).width);
  }
  return measured.get(text);
}
