// Our half of the page: which tab this is, how large its letters are, and what to say at the end.
// The terminal itself is textual-serve's bundle of xterm.js, which reads the two data attributes.
"use strict";

const CODES = {
  4001: "This session is shown in another tab.",
  4002: "Eight sessions are open already; close one of them.",
  4003: "The tutor has ended. Your answers are saved.",
  4004: "The tutor could not start.",
};
const SMALLEST = { columns: 80, rows: 24 };
const LARGEST_FONT = 16;
const READABLE_FONT = 10;
const CELL = { width: 0.61, height: 1.33 }; // of Roboto Mono, in its font size

let live = false;

// The tab keeps its name through reloads, and with it its session.
function tab() {
  let name = sessionStorage.getItem("tab");
  if (!name) {
    name = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16)).join("-");
    sessionStorage.setItem("tab", name.slice(0, 60));
  }
  return sessionStorage.getItem("tab");
}

function fontSize() {
  const wide = innerWidth / SMALLEST.columns / CELL.width;
  const high = innerHeight / SMALLEST.rows / CELL.height;
  const fitting = Math.floor(Math.min(LARGEST_FONT, wide, high));
  document.getElementById("turn").hidden = fitting >= READABLE_FONT;
  return Math.max(4, fitting);
}

function focusTerminal() {
  document.querySelector(".xterm-helper-textarea")?.focus();
}

function ended(event) {
  live = false;
  const lost = !(event.code in CODES);
  const why = lost ? "The connection is lost. Your answers are saved." : CODES[event.code];
  document.getElementById("why").textContent = event.reason ? `${why} ${event.reason}` : why;
  document.getElementById("ended").hidden = false;
  document.getElementById("again").focus();
  if (event.code === 4001) sessionStorage.removeItem("tab");
  if (lost) comeBack();
}

// After a lost connection (a lid, a locked phone) the page comes back by itself.
async function comeBack() {
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    if (document.visibilityState !== "visible") continue;
    try {
      if ((await fetch("/alive")).ok) return location.reload();
    } catch {
      // the server is not there yet
    }
  }
}

window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("open", () => { live = true; focusTerminal(); });
    this.addEventListener("close", ended);
  }
};

window.addEventListener("beforeunload", (event) => {
  if (live) event.preventDefault(); // ctrl+w deletes a word in the tutor, and closes a tab here
});
document.addEventListener("visibilitychange", focusTerminal);
document.addEventListener("click", focusTerminal);
window.addEventListener("focus", focusTerminal);

async function begin() {
  const terminal = document.getElementById("terminal");
  terminal.dataset.sessionWebsocketUrl = `ws://${location.host}/ws/${tab()}`;
  terminal.dataset.fontSize = fontSize();
  // xterm.js measures its letters once, so the font must be there first.
  await Promise.race([
    document.fonts.load(`${LARGEST_FONT}px "Roboto Mono"`),
    new Promise((done) => setTimeout(done, 1000)),
  ]);
  const script = document.createElement("script");
  script.src = "/file/terminal.js";
  script.onload = () => {
    const start = window.onload;
    window.onload = null;
    if (start) start();
    focusTerminal();
  };
  document.head.append(script);
}

begin();
