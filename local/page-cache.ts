/** How long browsers keep a file of the page, as a `Cache-Control` header: names in `assets/` change with their content. */
export function cacheControlOf(file: string): string {
  return file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
