import { useEffect, useRef } from 'preact/hooks';

/** A URL, or pixels. */
export type Layer = string | ImageData;

interface PictureProps {
  layer: Layer;
  alt: string;
  hidden?: boolean;
  onSize: (size: { width: number; height: number }) => void;
}

export function Picture({ layer, alt, hidden = false, onSize }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (typeof layer === 'string' || !canvas.current) return;
    canvas.current.width = layer.width;
    canvas.current.height = layer.height;
    canvas.current.getContext('2d')?.putImageData(layer, 0, 0);
    onSize({ width: layer.width, height: layer.height });
  }, [layer]);
  if (typeof layer !== 'string') return <canvas ref={canvas} role="img" aria-label={alt} hidden={hidden} />;
  return (
    <img
      src={layer}
      alt={alt}
      draggable={false}
      hidden={hidden}
      onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => onSize({ width, height })}
    />
  );
}
