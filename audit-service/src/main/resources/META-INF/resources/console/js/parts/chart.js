/** Bars of allowed and denied over time. */
import { s } from "../dom.js";

const WIDTH = 640;
const HEIGHT = 150;
const BASE = 132;
const GAP = 2;

/** @param buckets [{allowed, denied, label}], oldest first */
export function bars(buckets, title) {
  const highest = Math.max(4, ...buckets.map((each) => each.allowed + each.denied));
  const most = highest + (highest % 2);
  const step = WIDTH / buckets.length;
  const height = (count) => (count === 0 ? 0 : Math.max(2, (count / most) * (BASE - 14)));
  return s(
    "svg",
    { class: "bars", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
    [0.5, 1].map((share) => {
      const y = BASE - share * (BASE - 14);
      return [
        s("line", { class: "grid", x1: 0, x2: WIDTH, y1: y, y2: y }),
        s("text", { class: "axis", x: 0, y: y - 4 }, String(Math.round(most * share))),
      ];
    }),
    s("line", { class: "base", x1: 0, x2: WIDTH, y1: BASE, y2: BASE }),
    buckets.map((each, i) => {
      const allowed = height(each.allowed);
      const denied = height(each.denied);
      const x = i * step + GAP / 2;
      const width = Math.max(1, step - GAP);
      return s(
        "g",
        {},
        s("title", {}, `${each.label}: ${each.allowed} allowed, ${each.denied} denied`),
        s("rect", { class: "hit", x: i * step, y: 0, width: step, height: BASE }),
        allowed > 0 && s("rect", { class: "allowed", x, y: BASE - allowed, width, height: allowed, rx: 1.5 }),
        denied > 0 && s("rect", { class: "denied", x, y: BASE - allowed - denied - (allowed > 0 ? 1 : 0), width, height: denied, rx: 1.5 }),
      );
    }),
    buckets.map(
      (each, i) =>
        each.tick && s("text", { class: "axis", x: i * step, y: HEIGHT - 3 }, each.tick),
    ),
  );
}
