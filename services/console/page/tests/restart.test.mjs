// What comes while the page is open, and what came while the console was away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, start } from "./server.mjs";

test("shows what comes, and survives a restart of the server without loss", async () => {
  const chrome = await browser();
  let server = await start({ incidents: 10 });
  const { address, port } = server;
  const page = await open(chrome, address);
  await page.goto(address);
  await page.getByTestId("matched").filter({ hasText: /^13 / }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await server.stop();
  await page.getByText("Reconnecting").waitFor();
  // The log is the same and longer.
  server = await start({ port, incidents: 40 });
  await page.getByTestId("matched").filter({ hasText: /^43 / }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  assert.equal(await page.locator("li[aria-posinset]").first().getAttribute("aria-setsize"), "43");
  assert.deepEqual(page.faults, []);
  await chrome.close();
  await server.stop();
});
