/** Zooming and panning by wheel, pointers, fingers and keys. */
import type { Signal } from '@preact/signals';

/** Where the content's corner stands in the frame, in CSS pixels, and how large one of its pixels is. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

const maxZoom = 40;
const keyPanPx = 60;

interface Size {
  width: number;
  height: number;
}

export class PanZoom {
  readonly #frame: HTMLElement;
  readonly #view: Signal<View>;
  readonly #stop = new AbortController();
  readonly #resize: ResizeObserver;
  readonly #pointers = new Map<number, PointerEvent>();
  #content: Size | undefined;
  /** In how many columns of the frame the content stands, the same in each. */
  #columns = 1;
  /** Whether the view is as `fit` made it, and goes along with the frame's size. */
  #fitted = true;

  constructor(frame: HTMLElement, view: Signal<View>, wheelAlone: boolean) {
    this.#frame = frame;
    this.#view = view;
    const { signal } = this.#stop;
    frame.addEventListener('wheel', (event) => this.#onWheel(event, wheelAlone), { signal, passive: false });
    frame.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    frame.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    for (const type of ['pointerup', 'pointercancel'] as const)
      frame.addEventListener(type, ({ pointerId }) => this.#pointers.delete(pointerId), { signal });
    frame.addEventListener('dblclick', (event) => this.#onDoubleClick(event), { signal });
    frame.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    this.#resize = new ResizeObserver(() => {
      if (this.#fitted) this.fit();
    });
    this.#resize.observe(frame);
  }

  stop(): void {
    this.#stop.abort();
    this.#resize.disconnect();
  }

  /** A content of another size is fitted anew. */
  setContent(size: Size | undefined, columns = 1): void {
    this.#content = size;
    this.#columns = columns;
    this.fit();
  }

  fit(): void {
    if (!this.#content) return;
    const { clientWidth, clientHeight } = this.#room();
    // Not laid out: it is fitted when it is.
    if (clientWidth === 0 || clientHeight === 0) return;
    const { width, height } = this.#content;
    const zoom = this.#fitZoom();
    this.#view.value = { zoom, x: (clientWidth - width * zoom) / 2, y: (clientHeight - height * zoom) / 2 };
    this.#setFitted(true);
  }

  zoomTo(zoom: number): void {
    this.zoomBy(zoom / this.#view.value.zoom);
  }

  /** About a point of the frame; its middle, if left out. */
  zoomBy(factor: number, about?: { x: number; y: number }): void {
    const { x, y, zoom } = this.#view.value;
    const { x: atX, y: atY } = about ?? { x: this.#room().clientWidth / 2, y: this.#room().clientHeight / 2 };
    const next = Math.min(maxZoom, Math.max(this.#fitZoom() / 2, zoom * factor));
    const scale = next / zoom;
    this.#set({ zoom: next, x: atX - (atX - x) * scale, y: atY - (atY - y) * scale });
  }

  /** What each column has. */
  #room() {
    const { clientWidth, clientHeight } = this.#frame;
    return { clientWidth: clientWidth / this.#columns, clientHeight };
  }

  /** Small images are not made larger than twice their size: pixels are no detail. */
  #fitZoom(): number {
    const { clientWidth, clientHeight } = this.#room();
    const { width, height } = this.#content ?? { width: 1, height: 1 };
    return Math.min(2, clientWidth / width, clientHeight / height);
  }

  /** A part of the content stays in sight. */
  #set(view: View): void {
    const { clientWidth, clientHeight } = this.#room();
    const { width, height } = this.#content ?? { width: 0, height: 0 };
    const within = (value: number, frame: number, content: number) =>
      Math.min(frame * 0.8, Math.max(frame * 0.2 - content, value));
    this.#setFitted(false);
    this.#view.value = {
      zoom: view.zoom,
      x: within(view.x, clientWidth, width * view.zoom),
      y: within(view.y, clientHeight, height * view.zoom),
    };
  }

  /** While there is nothing to pan to, a finger that moves up or down scrolls the page. */
  #setFitted(fitted: boolean): void {
    this.#fitted = fitted;
    this.#frame.style.touchAction = fitted ? 'pan-y' : 'none';
  }

  #at({ clientX, clientY }: MouseEvent) {
    const { left, top } = this.#frame.getBoundingClientRect();
    return { x: (clientX - left) % this.#room().clientWidth, y: clientY - top };
  }

  #onWheel(event: WheelEvent, wheelAlone: boolean): void {
    if (!wheelAlone && !event.ctrlKey) return;
    event.preventDefault();
    this.zoomBy(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), this.#at(event));
  }

  #onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#pointers.set(event.pointerId, event);
    this.#frame.setPointerCapture(event.pointerId);
  }

  #onMove(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const other = [...this.#pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    this.#pointers.set(event.pointerId, event);
    const { x, y, zoom } = this.#view.value;
    if (!other) {
      this.#set({ zoom, x: x + event.clientX - before.clientX, y: y + event.clientY - before.clientY });
      return;
    }
    const spread = (pointer: PointerEvent) =>
      Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY);
    const [a, b] = [this.#at(event), this.#at(other)];
    this.zoomBy(spread(event) / Math.max(1, spread(before)), { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  }

  #onDoubleClick(event: MouseEvent): void {
    if (this.#view.value.zoom < 0.99) this.zoomBy(1 / this.#view.value.zoom, this.#at(event));
    else this.fit();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.#frame || event.ctrlKey || event.metaKey || event.altKey) return;
    const { x, y, zoom } = this.#view.value;
    const actions: Record<string, () => void> = {
      '+': () => this.zoomBy(1.5),
      '=': () => this.zoomBy(1.5),
      '-': () => this.zoomBy(1 / 1.5),
      '0': () => this.fit(),
      '1': () => this.zoomTo(1),
      ArrowLeft: () => this.#set({ zoom, x: x + keyPanPx, y }),
      ArrowRight: () => this.#set({ zoom, x: x - keyPanPx, y }),
      ArrowUp: () => this.#set({ zoom, x, y: y + keyPanPx }),
      ArrowDown: () => this.#set({ zoom, x, y: y - keyPanPx }),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
