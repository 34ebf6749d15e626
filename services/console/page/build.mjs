// Builds dist/ out of src/. The same sources and package-lock.json give the same bytes; CI compares them.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
process.chdir(import.meta.dirname);
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
await build({
  entryPoints: { app: "src/main.tsx", style: "src/style.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
});
copyFileSync("src/index.html", "dist/index.html");
copyFileSync("src/icon.svg", "dist/icon.svg");

// The map names countries by ISO 3166-1 numbers; incidents by letters.
const world = JSON.parse(readFileSync(require.resolve("world-atlas/countries-110m.json"), "utf8"));
const codes = require("i18n-iso-countries/codes.json");
const letters = new Map(codes.map(([alpha2, , numeric]) => [numeric, alpha2]));
for (const country of world.objects.countries.geometries) {
  country.id = letters.get(country.id) ?? (country.properties.name === "Kosovo" ? "XK" : "");
  delete country.properties;
}
writeFileSync("dist/world.json", JSON.stringify(world));
