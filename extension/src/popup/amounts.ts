// Amounts are whole numbers of base units until the very last step, which makes text of them.

/** At most six significant digits, cut and never rounded up: nobody is shown more than there is. */
export function amount(base: string, decimals: number): string {
  const { whole, rest } = parts(base, decimals);
  const zeros = whole === "0" ? rest.length - rest.replace(/^0+/, "").length : 0;
  const digits = whole === "0" ? zeros + 6 : Math.max(2, 6 - whole.length);
  const shown = rest.slice(0, Math.min(digits, 9)).replace(/0+$/, "");
  if (whole === "0" && shown === "" && rest !== "") return "<0.000000001";
  return grouped(whole) + (shown && `.${shown}`);
}

/** Every digit. */
export function exactAmount(base: string, decimals: number): string {
  const { whole, rest } = parts(base, decimals);
  return grouped(whole) + (rest && `.${rest}`);
}

function parts(base: string, decimals: number): { whole: string; rest: string } {
  const digits = base.padStart(decimals + 1, "0");
  return { whole: digits.slice(0, digits.length - decimals), rest: digits.slice(digits.length - decimals).replace(/0+$/, "") };
}

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, ",");

/** Three significant figures of a measured number, as lists have them. */
export function rough(value: number): string {
  const steps: [number, string][] = [[1e9, "B"], [1e6, "M"], [1e3, "K"]];
  for (const [size, letter] of steps) if (value >= size * 0.9995) return `${Number((value / size).toPrecision(3))}${letter}`;
  return value >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

/** A change with arrow, sign and percent. */
export function change(part: number): { words: string; up: boolean } {
  const percent = Math.abs(part * 100);
  const shown = percent >= 999.5 ? rough(percent) : percent.toFixed(1);
  return { words: `${part < 0 ? "▼ −" : "▲ +"}${shown}%`, up: part >= 0 };
}
