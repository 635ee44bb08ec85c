// Reads codes in grey pictures with libraries of others. Input: width and height (32 bits each, little-endian) and the
// pixels, picture after picture. Output: a line a picture, a JSON object of what each library that is named as an
// argument read, null for nothing.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const readers = createRequire(new URL("../interop/", import.meta.url));
const load = (name) => import(pathToFileURL(readers.resolve(name)));
const zbar = await load("@undecaf/zbar-wasm");
const { default: jsqr } = await load("jsqr");
const zxing = readers("@zxing/library");
const { default: decodeQr } = await load("qr/decode.js");

const scanner = await zbar.ZBarScanner.create();
scanner.setConfig(zbar.ZBarSymbolType.ZBAR_NONE, zbar.ZBarConfigType.ZBAR_CFG_ENABLE, 0);
scanner.setConfig(zbar.ZBarSymbolType.ZBAR_QRCODE, zbar.ZBarConfigType.ZBAR_CFG_ENABLE, 1);
const hints = new Map([[zxing.DecodeHintType.TRY_HARDER, true]]);

const decoders = {
  zbar: async ({ grey, width, height }) => {
    const found = await zbar.scanGrayBuffer(Uint8Array.from(grey).buffer, width, height, scanner);
    return found[0]?.decode();
  },
  jsqr: ({ colour, width, height }) => jsqr(colour, width, height)?.data,
  zxing_js: ({ grey, width, height }) => {
    const source = new zxing.RGBLuminanceSource(Uint8ClampedArray.from(grey), width, height);
    const bitmap = new zxing.BinaryBitmap(new zxing.HybridBinarizer(source));
    return new zxing.QRCodeReader().decode(bitmap, hints).getText();
  },
  qr: ({ colour, width, height }) => decodeQr({ data: colour, width, height }, { timeLimit: Infinity }),
};

async function answer(picture) {
  picture.colour = new Uint8ClampedArray(picture.grey.length * 4);
  picture.grey.forEach((level, at) => picture.colour.fill(level, at * 4, at * 4 + 3));
  for (let at = 3; at < picture.colour.length; at += 4) picture.colour[at] = 255;
  const read = {};
  for (const name of process.argv.slice(2)) {
    try {
      read[name] = (await decoders[name](picture)) ?? null;
    } catch {
      read[name] = null; // the libraries say by an exception that there is no code
    }
  }
  return read;
}

let rest = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  rest = Buffer.concat([rest, chunk]);
  while (rest.length >= 8) {
    const [width, height] = [rest.readUInt32LE(0), rest.readUInt32LE(4)];
    if (rest.length < 8 + width * height) break;
    const grey = rest.subarray(8, 8 + width * height);
    process.stdout.write(JSON.stringify(await answer({ grey, width, height })) + "\n");
    rest = rest.subarray(8 + width * height);
  }
}
