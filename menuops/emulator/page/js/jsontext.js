// JSON laid out for reading without being parsed: what stands in it (\/, \uXXXX, a key twice, a
// number too long for JavaScript) is what was sent, and is to be seen.

// Brackets by the ten thousand would be gigabytes of blanks.
const DEEPEST = 40;

/** Indent a text of JSON; any other text is given as it is. */
export function laidOut(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let result = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|\[\s*\]|\{\s*\}|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    if (token === "{" || token === "[") { depth += 1; result += token + line(); }
    else if (token === "}" || token === "]") { depth -= 1; result += line() + token; }
    else if (token === ",") result += token + line();
    else if (token === ":") result += ": ";
    else result += token.startsWith("{") || token.startsWith("[") ? token[0] + token.at(-1) : token;
  }
  return result;
}
