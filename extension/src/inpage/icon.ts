// The mark that dApps show beside the name: the rising line on the accent, as in the desktop.
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#4350D6"/>' +
  '<path d="M7 21l6-7 5 5 8-9" fill="none" stroke="#fff" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round"/></svg>';

export const ICON = `data:image/svg+xml;base64,${btoa(SVG)}` as const;
export const NAME = "Fluxdesk";
