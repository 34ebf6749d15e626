// Runs the console that is fed from memory, and a browser.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.SIAGA_CONSOLE_MEMORY;

/** Starts a console, on one core where it is named; resolves once it listens. */
export async function start({ port = 0, incidents = 0, rate = 0, core } = {}) {
  const command = [EXECUTABLE, port, incidents, rate].map(String);
  if (core !== undefined) command.unshift("taskset", "--cpu-list", String(core));
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((found, failed) => {
    lines.once("line", found);
    child.once("exit", (code) => failed(new Error(`console ended with ${code}`)));
  });
  const stop = () => new Promise((ended) => { child.once("exit", ended); child.kill("SIGKILL"); });
  return { address, port: Number(new URL(address).port), pid: child.pid, stop };
}

export function browser() {
  const found = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
  return chromium.launch({ executablePath: found, args: ["--no-sandbox"] });
}

/** A page that notes every script error, refused resource and request to elsewhere. */
export async function open(chrome, address, options = {}) {
  const context = await chrome.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (line) => line.type() === "error" && /Content Security|Trusted|Refused/.test(line.text()) && page.faults.push(line.text()));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith("blob:") && !url.startsWith("data:")) page.faults.push(`asked ${url}`);
  });
  page.on("dialog", (dialog) => { page.faults.push(`dialog ${dialog.message()}`); void dialog.dismiss(); });
  return page;
}
