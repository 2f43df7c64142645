// The control interface of the local LINE (bot/playground/line_control.py), as promises.

const BASE = "/playground/api/";

/** Do something as a person. Resolves with {status, message_id, event}; rejects with a sentence. */
export async function act(verb, body) {
  const answer = await fetch(BASE + verb, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.message);
  return value;
}

/** What changed in the chats of these users after revision `since`; waits on the server for something to change. */
export async function changes(users, since, signal) {
  const query = new URLSearchParams({ users: users.join(","), since, wait: since ? 25 : 0 });
  return (await fetch(BASE + "changes?" + query, { signal })).json();
}

export async function counters() {
  return (await fetch(BASE + "counters")).json();
}
