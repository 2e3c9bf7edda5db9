/// <reference lib="dom" />
// The contents say where one is: the last heading above the middle of the window is marked in them.

/** Follows the headings that the contents lead to. */
export function followContents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".contents a")];
  const headings = links.map(({ hash }) => document.getElementById(decodeURI(hash.slice(1)))!);
  const mark = () => {
    const passed = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 2);
    links.forEach((link, n) => link.ariaCurrent = n === passed.length - 1 ? "location" : null);
  };
  // A heading tells when it crosses the middle, however far the page has jumped: what is above counts as in sight.
  const middle = new IntersectionObserver(mark, { rootMargin: "1000000px 0px -50% 0px" });
  headings.forEach((heading) => middle.observe(heading));
}
