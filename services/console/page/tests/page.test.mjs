// The page in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { browser, open, start } from "./server.mjs";

const SEED = "/incidents/incident-launch";
let chrome, console_;
before(async () => { [chrome, console_] = await Promise.all([browser(), start({ incidents: 2000 })]); });
after(async () => { await chrome?.close(); await console_?.stop(); });

const at = (path) => console_.address + path;
const row = (page, text) => page.locator("a.row", { hasText: text });

async function axe(page, name) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  assert.deepEqual(violations.map((v) => `${name}: ${v.id} ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3)}`), []);
}

test("lists incidents, filters them, and holds the filter in the address", async () => {
  const page = await open(chrome, console_.address);
  await page.goto(at("/"));
  await page.getByTestId("matched").filter({ hasText: "2,003" }).waitFor();
  await page.getByLabel("Missile test").check();
  await page.getByTestId("matched").filter({ hasText: /^1 / }).waitFor();
  assert.equal(new URL(page.url()).search, "?type=missile_test");
  await row(page, "Korut tembakkan").waitFor();
  await page.reload();
  await page.getByTestId("matched").filter({ hasText: /^1 / }).waitFor();
  await page.goBack();
  await page.getByTestId("matched").filter({ hasText: "2,003" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("동해");
  await row(page, "Korut tembakkan").waitFor();
  await page.getByTestId("matched").filter({ hasText: /^1 / }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("only the rows in view are in the document, and the last one can be reached", async () => {
  const page = await open(chrome, console_.address);
  await page.goto(at("/"));
  await page.getByTestId("matched").filter({ hasText: "2,003" }).waitFor();
  const list = page.locator(".list");
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.locator('li[aria-posinset="2003"]').waitFor();
  assert.ok((await page.locator("a.row").count()) < 60);
  await page.context().close();
});

test("marks the quotes in each report's own language and direction", async () => {
  const page = await open(chrome, console_.address);
  await page.goto(at("/"));
  await page.getByLabel("Missile test").check();
  await row(page, "Korut tembakkan").click();
  const korean = page.getByTestId("report-launch-ko").locator(".text").last();
  await korean.locator("mark", { hasText: /^세 발$/ }).waitFor();
  assert.equal(await korean.locator("mark").evaluateAll((marks) => marks.map((m) => m.textContent).join("").includes("북한이 수요일 아침 동해상으로 탄도미사일 세 발을 발사했다고")), true);
  assert.equal(await korean.getAttribute("lang"), "ko");
  const arabic = page.getByTestId("report-launch-ar").locator(".text").last();
  await arabic.locator("mark", { hasText: /^بحر اليابان$/ }).waitFor();
  await arabic.locator("mark", { hasText: /^خفر السواحل الياباني$/ }).waitFor();
  assert.equal(await arabic.getAttribute("dir"), "rtl");
  const beside = page.locator(".conflict .beside > div");
  assert.deepEqual(await beside.locator("q").allTextContents(), ["sedikitnya dua", "세 발"]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("text of others is text, whatever it holds", async () => {
  const page = await open(chrome, console_.address);
  for (const path of ["/?text=desrever", "/incidents/incident-hostile"]) {
    await page.goto(at(path));
    await page.getByText("<script>window.harmed = true</script>").first().waitFor();
    assert.equal(await page.evaluate(() => window.harmed), undefined);
    assert.equal(await page.locator("main img, main script").count(), 0);
    const text = await page.locator("main").innerText();
    assert.doesNotMatch(text, /[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/);
  }
  const marked = await page.getByTestId("report-hostile").locator(".text").last().locator("mark").allTextContents();
  assert.equal(marked.join("|"), "A bomb <b>exploded</b> \ufffdereh\ufffd \u2400\u2408 near|a depot|Exampletown");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("speaks Indonesian and English, light and dark, and remembers", async () => {
  const page = await open(chrome, console_.address);
  await page.goto(at("/"));
  await page.getByRole("heading", { name: "Incidents" }).waitFor();
  await page.getByLabel("Language").selectOption("id");
  await page.getByRole("heading", { name: "Insiden" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "id");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByLabel("Tema").selectOption("light");
  const light = await ground();
  await page.getByLabel("Tema").selectOption("dark");
  assert.notEqual(await ground(), light);
  await page.reload();
  await page.getByRole("heading", { name: "Insiden" }).waitFor();
  assert.notEqual(await ground(), light);
  await page.context().close();
});

test("can be used with the keyboard alone", async () => {
  const page = await open(chrome, console_.address);
  await page.goto(at("/?type=missile_test"));
  await row(page, "Korut tembakkan").waitFor();
  await page.locator(".list").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Korut tembakkan" }).waitFor();
  await page.context().close();
});

test("an operator acknowledges, and takes it back", async () => {
  const page = await open(chrome, console_.address);
  await page.goto(at(SEED));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Access token").fill("sample-token-of-an-operator");
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByRole("button", { name: "Acknowledge" }).click();
  await page.getByText("acknowledged by ana").waitFor();
  await page.getByRole("button", { name: "Take acknowledgement back" }).click();
  await page.getByRole("button", { name: "Acknowledge" }).waitFor();
  await page.evaluate(() => sessionStorage.setItem("siaga-token", "nobody-knows-this-token"));
  await page.reload();
  await page.getByLabel("Access token").waitFor();
  assert.deepEqual(page.faults.filter((fault) => !fault.includes("401")), []);
  await page.context().close();
});

/** An operator's page of an incident, and the decisions that the API holds of it. */
async function operator(id) {
  const page = await open(chrome, console_.address);
  await page.goto(at("/"));
  await page.evaluate(() => sessionStorage.setItem("siaga-token", "sample-token-of-an-operator"));
  await page.goto(at(`/incidents/${id}`));
  const decisions = async () => (await (await fetch(at(`/api/v1/incidents/${id}`))).json()).decisions;
  return { page, decisions };
}

test("an operator mutes for a day, and unmutes", async () => {
  const { page, decisions } = await operator("incident-clash");
  await page.getByRole("button", { name: "Mute for a day" }).click();
  await page.locator("header .meta").getByText("muted", { exact: true }).waitFor();
  const [mute] = await decisions();
  const ahead = Date.parse(mute.until) - Date.parse(mute.at);
  assert.ok(Math.abs(ahead - 86_400_000) < 60_000, `muted for ${ahead} ms`);
  await page.getByRole("button", { name: "Unmute" }).click();
  await page.getByRole("button", { name: "Mute for a day" }).waitFor();
  assert.deepEqual((await decisions()).map((decision) => decision.undone), [true]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("an operator merges another incident into this one", async () => {
  const { page, decisions } = await operator("incident-clash");
  await page.getByRole("button", { name: "Merge with…" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge with…" });
  await axe(page, "dialog");
  await dialog.getByLabel("Id of the incident to merge into this one").fill("nobody-knows-this");
  await dialog.getByRole("button", { name: "Merge with…" }).click();
  await page.getByRole("status").getByText("no such incident").waitFor();
  await page.getByRole("button", { name: "Merge with…" }).click();
  await dialog.getByLabel("Id of the incident to merge into this one").fill("incident-hostile");
  await dialog.getByLabel("Reason").fill("one happening");
  await dialog.getByRole("button", { name: "Merge with…" }).click();
  await page.getByText("“one happening”").or(page.locator("q", { hasText: "one happening" })).first().waitFor();
  const merge = (await decisions()).find((decision) => decision.action === "merge");
  assert.deepEqual([merge.by, merge.with, merge.note], ["ana", ["incident-hostile"], "one happening"]);
  await page.context().close();
});

test("an operator leaves a note, which is text whatever it holds", async () => {
  const { page } = await operator("incident-clash");
  await page.getByRole("button", { name: "Note…" }).click();
  const dialog = page.getByRole("dialog", { name: "Note…" });
  await dialog.getByLabel("Note").fill("<b>call</b> the desk in Jakarta");
  await dialog.getByRole("button", { name: "Note…" }).click();
  await page.locator("q", { hasText: "<b>call</b> the desk in Jakarta" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("an operator splits reports off", async () => {
  const { page, decisions } = await operator("incident-launch");
  await page.getByRole("button", { name: "Split off…" }).click();
  const dialog = page.getByRole("dialog", { name: "Split off" });
  await axe(page, "dialog");
  await dialog.getByLabel("북한, 동해상으로 탄도미사일 발사").check();
  await dialog.getByRole("button", { name: "Split off" }).click();
  await page.getByRole("status").getByText("Written to the control topic.").waitFor();
  const split = (await decisions()).find((decision) => decision.action === "split");
  assert.deepEqual(split.events, ["event-launch-ko"]);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("axe finds nothing on any page, light or dark, desktop or phone", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      const page = await open(chrome, console_.address, { colorScheme, viewport, reducedMotion: "reduce" });
      for (const [name, path, ready] of [["list", "/", "a.row"], ["incident", SEED, "mark"], ["clash", "/incidents/incident-clash", "mark"], ["hostile", "/incidents/incident-hostile", "mark"], ["pipeline", "/pipeline", "table"]]) {
        await page.goto(at(path));
        await page.locator(ready).first().waitFor();
        const kind = `${name}-${colorScheme}-${viewport.width}`;
        await axe(page, kind);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${kind} is ${wide} px too wide`);
        if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${kind}.png` });
      }
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  }
});
