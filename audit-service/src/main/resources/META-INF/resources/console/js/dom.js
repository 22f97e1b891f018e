/**
 * Builds elements. Text from outside only ever becomes a text node or an attribute value, never markup, so nothing that
 * an agent, a policy or a reason is called can become part of the page.
 */

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: `h("p", {class: "hint"}, "text", child)`. Handlers are `onclick`-like functions. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** Replaces what an element contains. */
export function put(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    set(element, name, value);
  }
  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) {
    return;
  }
  if (name.startsWith("on")) {
    element.addEventListener(name.slice(2), value);
  } else if (name === "value") {
    element.value = value;
  } else if (name === "href") {
    element.setAttribute("href", safeLink(value));
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Only links within the console. */
function safeLink(target) {
  return String(target).startsWith("#") ? target : "#/";
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Tells people who can't see the page what changed on it. */
export function announce(text) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  requestAnimationFrame(() => {
    announcer.textContent = text;
  });
}

/** The last call of a burst. */
export function debounce(millis, action) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), millis);
  };
}
