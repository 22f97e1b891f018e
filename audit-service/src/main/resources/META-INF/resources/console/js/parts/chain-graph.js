/**
 * The sponsor chain as a picture: the human on the left, each agent sponsored by the one before it, and what hangs below
 * the last one on the right.
 */
import { s } from "../dom.js";

const NODE = { width: 172, height: 52, gapX: 46, gapY: 14 };
const MOST_CHILDREN = 5;
const PAD = 6;

/**
 * @param chain [{id, name, status, kind}] first the human, last the agent
 * @param children [{id, name, status, children}] directly below it
 */
export function chainGraph(chain, children) {
  const shown = children.slice(0, MOST_CHILDREN);
  const hidden = children.length - shown.length;
  const rows = Math.max(1, shown.length + (hidden > 0 ? 1 : 0));
  const height = rows * NODE.height + (rows - 1) * NODE.gapY + 2 * PAD;
  const columns = chain.length + (children.length > 0 ? 1 : 0);
  const width = columns * NODE.width + (columns - 1) * NODE.gapX + 2 * PAD;
  const middle = (height - NODE.height) / 2;
  const placed = chain.map((node, i) => ({ node, x: PAD + i * (NODE.width + NODE.gapX), y: middle }));
  const self = placed.at(-1);
  const below = shown.map((node, i) => ({
    node: { ...node, kind: "child" },
    x: self.x + NODE.width + NODE.gapX,
    y: PAD + i * (NODE.height + NODE.gapY),
  }));
  const broken = placed.map(({ node }) => node.status && node.status !== "active");
  return s(
    "svg",
    { class: "chain", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": described(chain, children) },
    placed.slice(1).map((to, i) => edge(placed[i], to, broken.slice(0, i + 1).some(Boolean))),
    below.map((to) => edge(self, to, broken.some(Boolean))),
    [...placed, ...below].map((each) => box(each, each === self)),
    hidden > 0 && more(hidden, self, height),
  );
}

function described(chain, children) {
  const names = chain.map((each) => each.name).join(", who sponsors ");
  return `Sponsor chain: ${names}. ${children.length} sub-agents.`;
}

function edge(from, to, broken) {
  const x1 = from.x + NODE.width;
  const y1 = from.y + NODE.height / 2;
  const x2 = to.x;
  const y2 = to.y + NODE.height / 2;
  const bend = (x2 - x1) / 2;
  return s(
    "g",
    { class: broken ? "edge broken" : "edge" },
    s("path", { d: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 5} ${y2}` }),
    s("path", { class: "tip", d: `M${x2 - 8} ${y2 - 4} L${x2 - 2} ${y2} L${x2 - 8} ${y2 + 4}` }),
  );
}

function box({ node, x, y }, isSelf) {
  const human = node.kind === "human";
  const status = human ? "human sponsor" : isSelf ? `this agent · ${node.status}` : node.status;
  const left = human ? 52 : 29;
  const content = [
    s("rect", { class: "body", width: NODE.width, height: NODE.height, rx: human ? NODE.height / 2 : 9 }),
    human ? person() : s("circle", { class: "dot", cx: 17, cy: 20, r: 4 }),
    // A view of its own, which cuts off what is wider than the box: letters differ.
    s(
      "svg",
      { x: left, width: NODE.width - left - 10, height: NODE.height },
      s("text", { class: "name", x: 0, y: 24 }, cut(node.name, human ? 14 : 18)),
      s("text", { class: "status", x: 0, y: 40 }, status ?? ""),
    ),
    s("title", {}, `${node.name} (${node.id})`),
  ];
  const props = {
    class: `node ${human ? "human" : ""} ${isSelf ? "self" : ""} ${node.status ?? ""}`,
    transform: `translate(${x} ${y})`,
  };
  return human || isSelf
    ? s("g", props, content)
    : s("a", { ...props, href: `#/agents/${encodeURIComponent(node.id)}`, "aria-label": `${node.name}, ${node.status}` }, content);
}

function person() {
  return s(
    "g",
    { class: "person", transform: "translate(9 9)" },
    s("circle", { class: "halo", cx: 17, cy: 17, r: 17 }),
    s("circle", { cx: 17, cy: 13, r: 5 }),
    s("path", { d: "M7.5 27.5a9.5 8 0 0 1 19 0" }),
  );
}

function more(count, self, height) {
  return s(
    "text",
    { class: "status", x: self.x + NODE.width + NODE.gapX + 12, y: height - PAD - NODE.height / 2 + 4 },
    `and ${count} more, below`,
  );
}

function cut(text, length) {
  const letters = [...String(text ?? "")];
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : letters.join("");
}
