import assert from "node:assert/strict";
import test from "node:test";
import { fillHook } from "../../tree/hooks.ts";
import { DictKey, SequenceKey } from "../../tree/keys.ts";
import { print } from "../../tree/print.ts";
import { registerStruct, Struct } from "../../tree/struct.ts";
import { field, type FieldTable, staticField } from "../../tree/struct_fields.ts";
import { StructuralMap } from "../../tree/structural_key.ts";

interface ScaleFields {
  readonly factor: unknown;
  readonly axes: unknown;
}
class Scale extends Struct<ScaleFields> implements ScaleFields {
  static override readonly fields: FieldTable<ScaleFields> = { factor: field(), axes: staticField() };
  declare readonly factor: unknown;
  declare readonly axes: unknown;
  static {
    registerStruct(this, { name: "Scale" });
  }
}

function line(tree: unknown): string {
  return print(tree, { indent: false });
}

function lines(tree: unknown): string {
  return print(tree, { indent: true });
}

test("print shows leaves", () => {
  assert.equal(line(1.5), "1.5");
  assert.equal(line(-0), "-0");
  assert.equal(line(NaN), "NaN");
  assert.equal(line(true), "true");
  assert.equal(line(null), "null");
  assert.equal(line(undefined), "undefined");
  assert.equal(line(12n), "12n");
  assert.equal(line(Symbol("s")), "Symbol(s)");
  assert.equal(line(function named(): void {}), "named");
  assert.equal(line((() => () => 1)()), "(function)");
  assert.equal(line(new Set([1])), "<Set>");
  class Said {
    toString(): string {
      return "said";
    }
  }
  class Unsaid {}
  assert.equal(line(new Said()), "said");
  assert.equal(line(new Unsaid()), "<Unsaid>");
  assert.equal(line(new DictKey("a")), "['a']");
});

test("print quotes strings and cuts long ones", () => {
  assert.equal(line("text"), '"text"');
  assert.equal(line('a "b"\n'), '"a \\"b\\"\\n"');
  assert.equal(line("x".repeat(80)), `"${"x".repeat(80)}"`);
  assert.equal(line("x".repeat(81)), `"${"x".repeat(80)}…"`);
});

test("print shows typed arrays by class and size", () => {
  assert.equal(line(new Float32Array(3)), "Float32Array(3)");
  assert.equal(line(new BigInt64Array(2)), "BigInt64Array(2)");
  assert.equal(line(new DataView(new ArrayBuffer(5))), "DataView(5)");
  assert.equal(line({ w: new Uint8Array(1e6) }), "{w: Uint8Array(1000000)}");
});

test("print shows containers", () => {
  assert.equal(line([]), "[]");
  assert.equal(line({}), "{}");
  assert.equal(line([1, ["a", null]]), '[1, ["a", null]]');
  assert.equal(line({ b: 1, a: [2] }), "{b: 1, a: [2]}");
  assert.equal(line(Object.assign(Object.create(null), { a: 1 })), "{a: 1}");
  assert.equal(line(new Map<unknown, unknown>([["k", 1], [2, [3]]])), 'Map{"k": 1, 2: [3]}');
  assert.equal(line(new Map()), "Map{}");
  assert.equal(line(new StructuralMap([["k", 1]])), 'StructuralMap{"k": 1}');
  const byPath = new Map<unknown, unknown>([[[new DictKey("a"), new SequenceKey(0)], 1], [[], 2]]);
  assert.equal(line(byPath), "Map{['a'][0]: 1, (): 2}");
});

test("print shows structs with all of their fields", () => {
  const scale = new Scale({ factor: 2, axes: ["x"] });
  assert.equal(line(scale), 'Scale(factor=2, axes=["x"])');
  assert.equal(line([scale]), '[Scale(factor=2, axes=["x"])]');
  assert.equal(line(new Scale({ factor: undefined, axes: {} })), "Scale(factor=undefined, axes={})");
});

test("print breaks what does not fit into a line, and only that", () => {
  const word = "w".repeat(40);
  const tree = { short: [1, 2], long: new Scale({ factor: [word, word], axes: word }) };
  assert.equal(line(tree), `{short: [1, 2], long: Scale(factor=["${word}", "${word}"], axes="${word}")}`);
  assert.equal(
    lines(tree),
    [
      "{",
      "  short: [1, 2],",
      "  long: Scale(",
      `    factor=["${word}", "${word}"],`,
      `    axes="${word}",`,
      "  ),",
      "}",
    ].join("\n"),
  );
  assert.equal(lines({ a: 1 }), "{a: 1}");
});

test("print fills lines up to their width, not beyond", () => {
  const parts = Array.from({ length: 30 }, (_, index) => [`name${index}`, "v".repeat(index)]);
  for (let width = 1; width < 80; width++) {
    const text = lines({ outer: { a: "x".repeat(width), b: 1 }, rest: parts.slice(0, 3) });
    for (const row of text.split("\n")) assert(row.length <= 100, row);
  }
  // Exactly as wide as a line.
  const full = ["x".repeat(71), "y".repeat(21)];
  assert.equal(lines(full).length, 100);
  assert.equal(lines(full).split("\n").length, 1);
  assert.equal(lines(["x".repeat(72), "y".repeat(21)]).split("\n").length, 4);
});

test("print is bounded in depth", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = [deep];
  assert.equal(line(deep), `${"[".repeat(13)}…${"]".repeat(13)}`);
  assert(lines(deep).length < 1000);
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  assert.equal(line(cyclic), line(deep));
});

test("print is bounded in the children of a node", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => index);
  assert.equal(line(many), `[${many.slice(0, 40).join(", ")}, … 99960 more]`);
  assert(lines(many).endsWith("\n  39,\n  … 99960 more\n]"));
  assert.equal(line(many.slice(0, 40)), `[${many.slice(0, 40).join(", ")}]`);
  const map = new Map(many.map((index) => [index, index]));
  assert(line(map).endsWith("39: 39, … 99960 more}"));
});

test("print is bounded as a whole", () => {
  let wide: unknown = 12345;
  for (let i = 0; i < 4; i++) wide = Array.from({ length: 25 }, () => wide);
  assert(line(wide).length < 100_000);
  assert(lines(wide).length < 100_000);
});

test("print is bounded in the texts of leaves and keys", () => {
  class Talkative {
    toString(): string {
      return "x".repeat(1e6);
    }
  }
  assert(line(new Talkative()).length < 1000);
  assert(line({ ["k".repeat(1e6)]: 1 }).length < 1000);
  assert(line(Symbol("s".repeat(1e6))).length < 1000);
});

test("print never throws", () => {
  class Silent {
    toString(): string {
      throw new Error("no text");
    }
  }
  class Mean {
    toString(): string {
      throw Object.create(null);
    }
  }
  const getter = Object.defineProperty({}, "x", {
    enumerable: true,
    get(): never {
      throw new TypeError("no value");
    },
  });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.equal(line([new Silent(), 1]), "[<cannot be shown: no text>, 1]");
  assert.equal(line([getter, 1]), "[<cannot be shown: no value>, 1]");
  assert.equal(line(new Scale({ factor: new Silent(), axes: 1 })), "Scale(factor=<cannot be shown: no text>, axes=1)");
  for (
    const value of [proxy, Object.create(Object.create(null)), new Map([[new Silent(), 1]]), { constructor: null }]
  ) {
    assert.equal(typeof line([value]), "string");
    assert.equal(typeof lines([value]), "string");
  }
  assert.doesNotThrow(() => line(new Mean()));
});

test("print leaves it to a renderer that is loaded later", () => {
  const seen: unknown[] = [];
  fillHook("print", (tree, options) => {
    seen.push([tree, options]);
    return "rendered";
  });
  assert.equal(lines([1]), "rendered");
  assert.equal(String(new Scale({ factor: 1, axes: 2 })), "rendered");
  assert.deepEqual(seen[0], [[1], { indent: true }]);
  assert.deepEqual((seen[1] as unknown[])[1], { indent: false });
});
