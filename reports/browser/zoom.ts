/** All charts over time of one run show the same part of it: marked in any chart by dragging, or typed in. */
import type { View } from 'vega';

export interface ZoomSettings {
  /** Where the time axis ends, and its unit. */
  readonly length: number;
  readonly unit: string;
}

export class Zoom {
  private readonly length: number;
  private range: readonly [number, number];
  private readonly views: View[] = [];
  private readonly fields: readonly [HTMLInputElement, HTMLInputElement];
  private readonly address: string;

  constructor(run: string, settings: ZoomSettings, toolbar: HTMLElement) {
    this.length = settings.length;
    this.range = [0, settings.length];
    this.address = `zoom-${run}`;
    this.fields = [
      field('Charts over time show ', ` ${settings.unit} to `, `Begin of the charts over time, in ${settings.unit}`),
      field('', ` ${settings.unit}`, `End of the charts over time, in ${settings.unit}`),
    ];
    const whole = document.createElement('button');
    whole.type = 'button';
    whole.textContent = 'Show all';
    whole.addEventListener('click', () => this.set(0, this.length));
    const help = document.createElement('span');
    help.textContent = 'Drag across a chart to zoom all of them, click a legend entry to pick it out (with Shift, several).';
    toolbar.append(...this.fields.map((input) => input.parentElement!), whole, help);
    for (const input of this.fields) {
      input.max = String(settings.length);
      input.addEventListener('change', () => this.set(Number(this.fields[0].value), Number(this.fields[1].value)));
    }
    this.restore();
    this.print();
  }

  /** Before a view is drawn for the first time. */
  show(view: View): void {
    view.signal('from', this.range[0]).signal('to', this.range[1]);
  }

  follow(plot: HTMLElement, view: View): void {
    this.views.push(view);
    this.show(view);
    void view.runAsync();
    let marking = false;
    plot.addEventListener('pointerdown', () => (marking = true));
    plot.addEventListener('dblclick', () => this.set(0, this.length));
    window.addEventListener('pointerup', () => {
      if (!marking) return;
      marking = false;
      const marked = view.signal('brush')?.t as [number, number] | undefined;
      if (marked === undefined) return;
      this.set(Math.min(...marked), Math.max(...marked));
    });
  }

  /** A range that is no range shows everything. */
  private set(from: number, to: number): void {
    const begin = Math.max(0, Math.min(from, this.length));
    const end = Math.max(0, Math.min(to, this.length));
    this.range = end - begin > this.length / 1e6 ? [begin, end] : [0, this.length];
    this.print();
    const all = this.range[0] === 0 && this.range[1] === this.length;
    history.replaceState(null, '', all ? location.pathname : `#${this.address}=${this.fields[0].value}-${this.fields[1].value}`);
    for (const view of this.views) {
      this.show(view);
      // The mark follows its scale, and would then cover all that it was zoomed to. It has done its work.
      void view.runAsync().then(() => view.signal('brush_x', []).runAsync());
    }
  }

  /** An address with `#zoom-run-1=100-200` opens the page as it was sent. */
  private restore(): void {
    const match = /^#(zoom-[\w-]+)=([\d.]+)-([\d.]+)$/.exec(location.hash);
    if (match !== null && match[1] === this.address && Number(match[3]) > Number(match[2])) {
      this.range = [Math.min(Number(match[2]), this.length), Math.min(Number(match[3]), this.length)];
    }
  }

  private print(): void {
    this.range.forEach((value, index) => (this.fields[index]!.value = String(Number(value.toPrecision(5)))));
  }
}

function field(before: string, after: string, name: string): HTMLInputElement {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'number';
  input.min = '0';
  input.step = 'any';
  label.append(before, input, after);
  input.setAttribute('aria-label', name);
  return input;
}
