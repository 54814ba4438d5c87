import { join } from 'node:path';
import { defineConfig } from 'vite';
import { openCvFile, prefetchOpenCv } from './ops/opencv-file.ts';

/** The page: built from static/ into dist/static, to be served by the runner or from the `$web` container. */
export default defineConfig({
  root: 'static',
  // Wherever it is put, it finds its own files.
  base: './',
  plugins: [prefetchOpenCv()],
  // OpenCV is a file of its own: parameters are checked without it.
  worker: { format: 'es', plugins: () => [openCvFile()], rolldownOptions: { checks: { pluginTimings: false } } },
  // What the decoders of the service need of Node.
  resolve: {
    alias: [
      { find: './codecs.ts', replacement: join(import.meta.dirname, 'static/deep/no-codecs.ts') },
      { find: './dicom/inflate.ts', replacement: join(import.meta.dirname, 'static/deep/inflate.ts') },
    ],
  },
  build: {
    outDir: '../dist/static',
    emptyOutDir: true,
    rolldownOptions: {
      input: { index: 'static/index.html', reference: 'static/reference.html' },
      // OpenCV's file names modules of Node, which it leaves alone in a browser.
      onLog: (level, log, handle) => {
        if (!/externalized for browser compatibility/.test(log.message)) handle(level, log);
      },
      // Whoever starts the service need not know what took the bundler's time.
      checks: { pluginTimings: false },
    },
    // The viewer of the reference is one large file, loaded on its page alone.
    chunkSizeWarningLimit: 2000,
  },
});
