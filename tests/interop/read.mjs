// Reads contact files with libraries of others: on each line of input a JSON string, on each line of output what each
// library makes of it, or why it refuses.
import { createInterface } from "node:readline";
import ICAL from "ical.js";
import parser from "vcard-parser";
import { parseVCards } from "vcard4-ts";
import vcf from "vcf";

const readers = {
  "3.0": {
    "ical.js": ICAL.parse,
    vcf: (text) => vcf.parse(text)[0].data,
    "vcard-parser": parser.parse,
  },
  "4.0": {
    "ical.js": ICAL.parse,
    "vcard4-ts": (text) => parseVCards(text).vCards[0],
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line);
  const answers = {};
  for (const [name, read] of Object.entries(readers[text.slice(21, 24)])) {
    try {
      answers[name] = read(text);
    } catch (error) {
      answers[name] = { refused: String(error) };
    }
  }
  console.log(JSON.stringify(answers));
}
