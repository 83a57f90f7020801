"""What is asked of every page that a browser shows."""

from __future__ import annotations

BAD = "</script><img src=x onerror=alert(1)>"
"""A name that is a script to whoever does not escape it."""

OVERLAPS = """() => [...document.querySelectorAll("figure svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const found = boxes
    .filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.bottom > frame.bottom + 1)
    .map(([words]) => `${svg.querySelector("title").textContent}: ${words} is cut off`);
  boxes.forEach(([words, a], n) => boxes.slice(n + 1).forEach(([others, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const up = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && up > 4) found.push(`${svg.querySelector("title").textContent}: ${words} and ${others}`);
  }));
  return found;
})"""
"""Labels of drawings that are cut off or lie on another one."""

PALE = """() => {
  const channel = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((c) => channel(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const own = getComputedStyle(element).backgroundColor;
    return own === "rgba(0, 0, 0, 0)" ? ground(element.parentElement) : own;
  };
  const written = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && written(e)).map((e) => {
    const colour = e.closest("svg") ? getComputedStyle(e).fill : getComputedStyle(e).color;
    const [dark, light] = [luminance(colour), luminance(ground(e))].sort((a, b) => a - b);
    return [(light + 0.05) / (dark + 0.05), e.textContent.trim()];
  }).filter(([ratio]) => ratio < 4.5);
}"""
"""Words whose contrast to what is behind them is under 4.5 to 1."""
