// Measures: `SIAGA_CONSOLE_MEMORY=… npm run load`. Open streams under a rate of incidents, the first view, scrolling.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { browser, open, start } from "./server.mjs";

const [STREAMS, RATE, SECONDS, HELD] = [500, 200, 20, 50_000];
const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const status = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const cpu = (pid) => { const f = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" "); return (Number(f[11]) + Number(f[12])) / 100; };

async function firstView() {
  const server = await start({ incidents: HELD });
  const times = {};
  for (const path of ["/api/v1/incidents?limit=200", "/api/v1/stats", "/api/v1/incidents?limit=200&text=positions%20red", "/app.js"]) {
    const taken = [];
    for (let n = 0; n < 30; n++) {
      const began = performance.now();
      await (await fetch(server.address + path)).arrayBuffer();
      taken.push(performance.now() - began);
    }
    taken.sort((a, b) => a - b);
    times[path] = `p50 ${share(taken, 0.5).toFixed(1)} ms, p99 ${share(taken, 0.99).toFixed(1)} ms`;
  }
  console.log(`first view, ${HELD} incidents held, ${status(server.pid).toFixed(0)} MiB`, times);
  await server.stop();
}

/** Time from the arrival of an incident at the console, whose clock is ours, until each stream has it; and what it costs. */
async function streams() {
  const server = await start({ incidents: HELD, rate: RATE, core: 0 });
  let bytes = 0;
  const late = [];
  const sockets = Array.from({ length: STREAMS }, () => new Promise((opened) => {
    const asked = request(`${server.address}/api/v1/stream`, { agent: false }, (answer) => {
      answer.setEncoding("utf8");
      answer.on("data", (text) => {
        const now = Date.now();
        bytes += text.length;
        for (const [, at] of text.matchAll(/"updated_at":"([^"]+)"/g)) late.push(now - Date.parse(at));
      });
      opened(asked);
    });
    asked.on("error", () => {});
    asked.end();
  }));
  await Promise.all(sockets);
  late.length = 0; bytes = 0;
  const before = cpu(server.pid);
  await new Promise((go) => setTimeout(go, SECONDS * 1000));
  const used = cpu(server.pid) - before;
  late.sort((a, b) => a - b);
  console.log(`${STREAMS} streams, ${RATE} incidents/s, ${SECONDS} s`, {
    told: late.length, late: `p50 ${share(late, 0.5)} ms, p99 ${share(late, 0.99)} ms, worst ${late.at(-1)} ms`,
    server: `${(used / SECONDS * 100).toFixed(0)} % of a core, ${status(server.pid).toFixed(0)} MiB`, rate: `${(bytes / SECONDS / 1e6).toFixed(1)} MB/s`,
  });
  for (const asked of await Promise.all(sockets)) asked.destroy();
  await server.stop();
}

/** Time from the address to the first row, and of a frame while the whole list is scrolled through. */
async function scroll() {
  const [chrome, server] = await Promise.all([browser(), start({ incidents: HELD })]);
  const page = await open(chrome, server.address);
  const began = performance.now();
  await page.goto(server.address);
  await page.locator("a.row").first().waitFor();
  const first = performance.now() - began;
  await page.waitForFunction((count) => document.querySelector(".list ol").clientHeight > count * 60, HELD);
  const frames = await page.evaluate(async () => {
    const box = document.querySelector(".list");
    const [times, step] = [[], box.scrollHeight / 500];
    let last = performance.now();
    for (let n = 0; n < 500; n++) {
      box.scrollTop += step;
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times.sort((a, b) => a - b);
  });
  console.log(`in Chromium, ${HELD} incidents held`, {
    first_row: `${first.toFixed(0)} ms`, frame: `p50 ${share(frames, 0.5).toFixed(0)} ms, p95 ${share(frames, 0.95).toFixed(0)} ms, worst ${frames.at(-1).toFixed(0)} ms`,
  });
  await chrome.close();
  await server.stop();
}

await firstView();
await scroll();
await streams();
