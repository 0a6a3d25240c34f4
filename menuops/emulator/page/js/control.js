// The emulator's own interface, under /__emulator__/.

const ROOT = "/__emulator__/";

/** Ask for JSON. Throws an Error with the emulator's own words if it refuses. */
async function ask(method, path, value) {
  const options = { method, cache: "no-store", credentials: "omit" };
  if (method !== "GET") {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(value ?? {});
  }
  const response = await fetch(ROOT + path, options);
  const text = await response.text();
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // Something else than the emulator answered; the status below says what is known.
  }
  if (!response.ok) throw new Error(answer?.error ?? `HTTP ${response.status}`);
  return answer;
}

export const control = {
  state: () => ask("GET", "state"),
  calls: (since) => ask("GET", `calls?since=${since}`),
  match: (query) => ask("GET", `match?${new URLSearchParams(query)}`),
  addFault: (value) => ask("POST", "faults", value),
  clearFaults: (path) => ask("DELETE", path === undefined ? "faults" : `faults?${new URLSearchParams({ path })}`),
  clock: (value) => ask("POST", "clock", value),
  tokens: (value) => ask("POST", "tokens", value),
  console: (value) => ask("POST", "console", value),
  account: (value) => ask("POST", "accounts", value),
};

/**
 * Follow what happens, for as long as the page can be seen: a browser has six connections to a
 * server for all its tabs together. `on` has start(), which gives the number of the last call
 * that is known, open(), lost(), call(value) and state().
 */
export function follow(on) {
  let source = null;
  let retry = 0;
  let attempt = 0;

  async function open() {
    if (source || document.hidden) return;
    const mine = ++attempt;
    try {
      const since = await on.start();
      if (mine !== attempt || document.hidden) return;
      source = new EventSource(`${ROOT}events?since=${since}`);
    } catch {
      lost();
      return;
    }
    source.addEventListener("open", () => on.open());
    source.addEventListener("call", (event) => on.call(JSON.parse(event.data)));
    source.addEventListener("state", () => on.state());
    source.addEventListener("error", lost);
  }

  function lost() {
    // Opened anew with another `since`; left to itself it would ask for the same calls again.
    close();
    on.lost();
    retry = setTimeout(open, 1000);
  }

  function close() {
    attempt += 1;
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}
