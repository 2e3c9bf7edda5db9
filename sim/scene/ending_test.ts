// The verdicts at the end of a scene and what its readers read say the same.

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eras } from "../era.ts";
import { releaseNamed, releases } from "../releases.ts";
import { frames } from "../view/frames.ts";
import { endingOf } from "./ending.ts";
import { judge } from "./outcome.ts";
import { scenes } from "./scenes.ts";

const test = suite("ending");

test("endingOf() looks before the holders let go", () => {
  const scene = scenes.get("direct-write-fork-parent-writes")!;
  const { state, verdicts } = endingOf(scene.lines, releaseNamed("mapcount"));
  assert.equal(verdicts.map(({ word }) => word), ["parted"]);
  assert.ok(state.holds.size > 0, String(frames(state)));
});

test("endingOf() has a wrong verdict exactly where a scene that says what is right is answered wrong", () => {
  const kernels = [...eras.map(({ name }) => releaseNamed(name)), ...releases];
  for (const scene of scenes.values()) {
    if (!scene.keeps && !scene.hides) continue;
    for (const kernel of kernels) {
      const judged = judge(scene, kernel);
      if (!judged) continue;
      const words = endingOf(scene.lines, kernel).verdicts.map(({ word }) => word);
      const wrong = words.some((word) => word !== "whole");
      assert.is(wrong, judged.wrong.length > 0, `${scene.name} on ${kernel.release}: ${words}`);
    }
  }
});

test.run();
