// `siaga demo` in a real browser: from an article's record to the analyst's screen.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { browser, open } from "./server.mjs";

/** Longest time from the record of an incident's first article until the page shows it, in milliseconds. */
const LONGEST = 2000;

/** Starts the demo; `shown` resolves once all its articles are through. */
async function start() {
  const child = spawn(process.env.SIAGA, ["demo", "--console", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  const line = (stream, pattern) => new Promise((found, failed) => {
    createInterface({ input: stream }).on("line", (text) => { const match = pattern.exec(text); if (match) found(match[1]); });
    child.once("exit", (code) => failed(new Error(`the demo ended with ${code}`)));
  });
  const shown = line(child.stderr, /(the console stays)/);
  shown.catch(() => {});
  const address = await line(child.stdout, /console: (http:\S+)/);
  const stop = () => new Promise((ended) => { child.once("exit", ended); child.kill("SIGINT"); });
  return { address, shown, stop };
}

test("the demo shows an incident within two seconds of its article, with the quote marked in the text", async () => {
  const [chrome, demo] = await Promise.all([browser(), start()]);
  // As high as all rows: only those in view are in the document.
  const page = await open(chrome, demo.address, { viewport: { width: 1440, height: 6000 } });
  await page.addInitScript(() => {
    window.seen = {};
    new MutationObserver(() => {
      for (const row of document.querySelectorAll("a.row")) window.seen[row.getAttribute("href")] ??= Date.now();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(demo.address);
  await page.getByText("Live", { exact: true }).waitFor();
  const live = Date.now();
  await demo.shown;
  const get = async (path) => (await fetch(`${demo.address}/api/v1${path}`)).json();
  const { items } = await get("/incidents?limit=2000");
  assert.ok(items.length >= 10, `${items.length} incidents`);
  await page.waitForFunction((count) => Object.keys(window.seen).length >= count, items.length);
  const seen = await page.evaluate(() => window.seen);
  const late = [];
  for (const { incident_id: id } of items) {
    const { incident } = await get(`/incidents/${encodeURIComponent(id)}`);
    const recorded = Math.min(...incident.reports.map((report) => Date.parse(report.recorded_at)));
    if (recorded > live) late.push(seen[`/incidents/${encodeURIComponent(id)}`] - recorded);
  }
  late.sort((a, b) => a - b);
  console.log(`${late.length} incidents: half within ${late[late.length >> 1]} ms of their article, the last within ${late.at(-1)} ms`);
  assert.ok(late.length >= 5, `${late.length} incidents came while the page was open`);
  assert.ok(late.at(-1) < LONGEST, `${late}`);

  const launch = items.find((item) => item.type === "missile_test" && item.country === "KP");
  assert.ok(launch.report_count >= 3, `${launch.report_count} reports of the launch`);
  await page.setViewportSize({ width: 1440, height: 900 });
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/list.jpg`, type: "jpeg", quality: 80 });
  await page.goto(`${demo.address}/?type=missile_test`);
  await page.locator(`a.row[href="/incidents/${encodeURIComponent(launch.incident_id)}"]`).click();
  const { incident } = await get(`/incidents/${encodeURIComponent(launch.incident_id)}`);
  const [first] = incident.reports;
  const marks = page.getByTestId(`report-${first.article.id}`).locator(".text mark");
  await marks.first().waitFor();
  const marked = (await marks.allTextContents()).join("");
  assert.ok(marked.includes(first.event.evidence[0].text), marked);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/incident.jpg`, type: "jpeg", quality: 80 });
  assert.deepEqual(page.faults, []);
  await chrome.close();
  assert.equal(await demo.stop(), 0);
});
