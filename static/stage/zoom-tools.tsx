/** Buttons for zooming, and for the whole screen. */
import { Icon } from '../ui/icon.tsx';
import type { PanZoom } from './pan-zoom.ts';

interface ZoomToolsProps {
  /** Pixels of the screen to one of the image. */
  zoom: number;
  /** The length of the picture over that of the image. */
  scale: number;
  panZoom: { current: PanZoom | null };
  stage: { current: HTMLElement | null };
}

export function ZoomTools({ zoom, scale, panZoom, stage }: ZoomToolsProps) {
  const percent = Math.round(zoom * 100);
  const toggleFull = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void stage.current?.requestFullscreen();
  };
  return (
    <span class="row zoom-tools">
      <button type="button" class="icon-button" aria-label="Zoom out" onClick={() => panZoom.current?.zoomBy(1 / 1.5)}>
        <Icon name="minus" />
      </button>
      <button
        type="button"
        class="zoom"
        aria-label={`${percent} %, show at 100 %`}
        onClick={() => panZoom.current?.zoomTo(1 / scale)}
      >
        {percent} %
      </button>
      <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => panZoom.current?.zoomBy(1.5)}>
        <Icon name="add" />
      </button>
      <button type="button" class="icon-button" aria-label="Fit" title="Fit" onClick={() => panZoom.current?.fit()}>
        <Icon name="fit" />
      </button>
      {document.fullscreenEnabled && (
        <button type="button" class="icon-button" aria-label="Full screen" title="Full screen" onClick={toggleFull}>
          <Icon name="full" />
        </button>
      )}
    </span>
  );
}
