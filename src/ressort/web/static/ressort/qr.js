/* A text as a QR code (ISO/IEC 18004): bytes, level M, versions 10 to 14. For a device that draws its codes without network. */
(() => {
  "use strict";
  /* version → [codewords of correction a block, [blocks, codewords of data each]…, centres of alignment patterns] */
  const VERSIONS = {
    10: [26, [[4, 43], [1, 44]], [6, 28, 50]], 11: [30, [[1, 50], [4, 51]], [6, 30, 54]], 12: [22, [[6, 36], [2, 37]], [6, 32, 58]],
    13: [22, [[8, 37], [1, 38]], [6, 34, 62]], 14: [24, [[4, 40], [5, 41]], [6, 26, 46, 66]],
  };
  const MASKS = [
    (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (r, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
    (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
    (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
  ];

  /* ---- the field of 256 elements, polynomial 0x11D ---- */
  const EXP = new Uint8Array(512);
  const LOG = new Uint8Array(256);
  for (let i = 0, x = 1; i < 255; i++) { EXP[i] = EXP[i + 255] = x; LOG[x] = i; x = x & 128 ? (x << 1) ^ 0x11d : x << 1; }
  const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);
  const correction = (data, count) => {
    let generator = [1];
    for (let i = 0; i < count; i++) {
      const next = new Array(generator.length + 1).fill(0);
      generator.forEach((g, at) => { next[at] ^= g; next[at + 1] ^= times(g, EXP[i]); });
      generator = next;
    }
    const rest = new Uint8Array(count);
    for (const byte of data) {
      const factor = byte ^ rest[0];
      rest.copyWithin(0, 1);
      rest[count - 1] = 0;
      for (let i = 0; i < count; i++) rest[i] ^= times(generator[i + 1], factor);
    }
    return rest;
  };

  const capacity = (version) => VERSIONS[version][1].reduce((sum, [blocks, size]) => sum + blocks * size, 0);
  /* mode and count (4 + 16 bits), bytes, end, padding; then blocks interleaved, data first */
  const codewords = (bytes, version) => {
    const [count, groups] = VERSIONS[version];
    const room = capacity(version);
    const data = new Uint8Array(room);
    const head = [0x40 | (bytes.length >> 12), (bytes.length >> 4) & 255, (bytes.length & 15) << 4];
    data.set(head);
    bytes.forEach((byte, i) => { data[i + 2] |= byte >> 4; data[i + 3] |= (byte & 15) << 4; });
    for (let i = bytes.length + 3, odd = true; i < room; i++, odd = !odd) data[i] = odd ? 0xec : 0x11;
    const blocks = [];
    let at = 0;
    for (const [many, size] of groups) for (let b = 0; b < many; b++) { blocks.push(data.subarray(at, at + size)); at += size; }
    const checks = blocks.map((block) => correction(block, count));
    const out = [];
    for (const list of [blocks, checks]) for (let i = 0; i < Math.max(...list.map((one) => one.length)); i++) for (const one of list) if (i < one.length) out.push(one[i]);
    return out;
  };

  const bch = (value, generator, bits) => {
    let rest = value << bits;
    for (let i = 31 - Math.clz32(rest); i >= bits; i--) if (rest & (1 << i)) rest ^= generator << (i - bits);
    return (value << bits) | rest;
  };

  /* what every code of a version has: finders, timing, alignment, version; 2 where data goes */
  const frame = (version) => {
    const size = 17 + 4 * version;
    const grid = Array.from({ length: size }, () => new Uint8Array(size).fill(2));
    const set = (r, c, dark) => { if (r >= 0 && c >= 0 && r < size && c < size) grid[r][c] = dark ? 1 : 0; };
    for (const [top, left] of [[0, 0], [0, size - 7], [size - 7, 0]]) for (let r = -1; r < 8; r++) for (let c = -1; c < 8; c++) {
      const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
      set(top + r, left + c, ring !== 2 && ring < 4);
    }
    for (let i = 8; i < size - 8; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
    const centres = VERSIONS[version][2];
    const last = centres[centres.length - 1];
    for (const r of centres) for (const c of centres) {
      if ((r === 6 && (c === 6 || c === last)) || (c === 6 && r === last)) continue;
      for (let y = -2; y < 3; y++) for (let x = -2; x < 3; x++) set(r + y, c + x, Math.max(Math.abs(x), Math.abs(y)) !== 1);
    }
    const told = bch(version, 0x1f25, 12);
    for (let i = 0; i < 18; i++) { const dark = (told >> i) & 1; set(Math.floor(i / 3), size - 11 + (i % 3), dark); set(size - 11 + (i % 3), Math.floor(i / 3), dark); }
    return grid;
  };
  const format = (grid, mask) => {
    const size = grid.length;
    const told = bch(mask, 0x537, 10) ^ 0x5412; /* level M is 00 */
    for (let i = 0; i < 15; i++) {
      const dark = (told >> i) & 1;
      if (i < 6) grid[i][8] = dark; else if (i < 8) grid[i + 1][8] = dark; else grid[size - 15 + i][8] = dark;
      if (i < 8) grid[8][size - 1 - i] = dark; else if (i < 9) grid[8][15 - i] = dark; else grid[8][14 - i] = dark;
    }
    grid[size - 8][8] = 1;
  };

  const filled = (words, version, mask) => {
    const grid = frame(version);
    format(grid, mask);
    const size = grid.length;
    let bit = 0;
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5;
      for (let i = 0; i < size; i++) for (const c of [right, right - 1]) {
        const r = up ? size - 1 - i : i;
        if (grid[r][c] !== 2) continue;
        const dark = bit < words.length * 8 ? (words[bit >> 3] >> (7 - (bit & 7))) & 1 : 0;
        grid[r][c] = dark ^ (MASKS[mask](r, c) ? 1 : 0);
        bit++;
      }
    }
    return grid;
  };

  /* the four penalties of the standard: runs, squares, what looks like a finder, balance */
  const penalty = (grid) => {
    const size = grid.length;
    let score = 0;
    let dark = 0;
    const lines = [...grid, ...grid.map((_row, c) => grid.map((row) => row[c]))].map((line) => Array.from(line).join(""));
    for (const line of lines) {
      for (const run of line.match(/0{5,}|1{5,}/g) || []) score += run.length - 2;
      for (let i = 0; i + 11 <= size; i++) { const part = line.slice(i, i + 11); if (part === "10111010000" || part === "00001011101") score += 40; }
    }
    for (let r = 0; r < size; r++) for (let c = 0; c < size; c++) {
      dark += grid[r][c];
      if (r && c && grid[r][c] === grid[r - 1][c] && grid[r][c] === grid[r][c - 1] && grid[r][c] === grid[r - 1][c - 1]) score += 3;
    }
    return score + 10 * Math.floor(Math.abs((100 * dark) / (size * size) - 50) / 5);
  };

  const matrix = (text, mask) => {
    const bytes = new TextEncoder().encode(text);
    const version = Object.keys(VERSIONS).map(Number).find((one) => bytes.length + 3 <= capacity(one));
    if (!version) throw new RangeError("too long for a code");
    const words = codewords(bytes, version);
    const all = mask === undefined ? MASKS.map((_mask, at) => filled(words, version, at)) : [filled(words, version, mask)];
    return all.reduce((best, one) => (penalty(one) < penalty(best) ? one : best)).map((row) => Array.from(row));
  };

  const SVG = "http://www.w3.org/2000/svg";
  const drawn = (text) => {
    const grid = matrix(text);
    const size = grid.length + 8;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
    svg.setAttribute("class", "qr");
    const light = document.createElementNS(SVG, "rect");
    for (const [name, value] of [["width", size], ["height", size], ["fill", "#FFFFFF"]]) light.setAttribute(name, value);
    const dark = document.createElementNS(SVG, "path");
    dark.setAttribute("fill", "#000000");
    dark.setAttribute("d", grid.map((row, r) => row.map((one, c) => (one ? `M${c + 4} ${r + 4}h1v1h-1z` : "")).join("")).join(""));
    svg.append(light, dark);
    return svg;
  };
  window.ressortQr = { matrix, drawn };
})();
