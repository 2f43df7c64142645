// The toolbar: what staff do to a sheet by hand, and the faults a tester switches on.

const byId = (id) => document.getElementById(id);
const WHEN = { before: 'ก่อนบันทึก', after: 'หลังบันทึก', late: 'บันทึกช้า' };

/** `page` is {state, staff, refresh, api} of main.js. */
export function bindTools(page) {
  const actions = actionsOf(page);
  for (const button of document.querySelectorAll('[data-do]')) {
    button.addEventListener('click', () => actions[button.dataset.do]());
  }
  byId('faults').addEventListener('change', async (event) => {
    const chosen = event.target.value;
    event.target.value = '';
    if (chosen === 'clear') await page.api('faults', { method: 'DELETE' });
    else if (chosen) await page.api('faults', { method: 'POST', body: chosen });
    await page.refresh();
  });
}

function actionsOf({ state, staff }) {
  const title = () => state.view.tabs.find((tab) => tab.id === state.tab).title;
  return {
    'sort-up': () => staff('sort_tab', { column: state.selected.column }),
    'sort-down': () => staff('sort_tab', { column: state.selected.column, descending: true }),
    'delete-row': async () => {
      const { row } = state.selected;
      const header = row < state.view.frozen.length ? '\nแถวนี้เป็นหัวตาราง' : '';
      if ((await ask(`ลบแถวที่ ${row + 1} หรือไม่${header}`)) !== null) await staff('delete_rows', { start: row });
    },
    'add-column': async () => {
      const header = await ask('ชื่อหัวคอลัมน์ใหม่', 'หมายเหตุ');
      if (header !== null) await staff('add_column', { at: state.selected.column + 1, header });
    },
    'rename-tab': async () => {
      const name = await ask('ชื่อใหม่ของแท็บ', title());
      if (name !== null) await staff('rename_tab', { title: name });
    },
    'delete-tab': async () => {
      const warning = `ลบแท็บ “${title()}” หรือไม่\nโปรแกรมจะสร้างแท็บให้ใหม่และแจ้งเตือนผู้ดูแล`;
      if ((await ask(warning)) !== null) await staff('delete_tab', {});
    },
  };
}

/** Quota meters and the faults that are waiting. */
export function showMeters({ writes, reads, window_s: seconds, faults }) {
  const unit = seconds === 60 ? 'ต่อนาที' : `ต่อ ${seconds} วินาที`;
  byId('meter').textContent = `เขียน ${writes[0]}/${writes[1]} · อ่าน ${reads[0]}/${reads[1]} ${unit}`;
  const words = faults.map(({ when, how, times }) => `${WHEN[when]} ${how} ${times === null ? 'จนกว่าจะยกเลิก' : `อีก ${times} ครั้ง`}`);
  byId('active-faults').textContent = words.length ? `กำลังจำลอง: ${words.join(', ')}` : '';
}

/** A question in the middle of the page: the text typed (or "" for a plain yes), null when cancelled. */
export function ask(text, value) {
  const dialog = byId('ask');
  const input = byId('ask-input');
  byId('ask-text').textContent = text;
  input.hidden = value === undefined;
  input.value = value ?? '';
  dialog.returnValue = '';
  dialog.showModal();
  if (!input.hidden) input.select();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes' ? input.value : null), { once: true });
  });
}

let toastTimer = 0;

export function toast(text) {
  const box = byId('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    box.hidden = true;
  }, 5000);
}
