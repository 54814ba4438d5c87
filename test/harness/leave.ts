/** After the last test: what one that came to no end has left running holds up nobody. */
export default function leave(): void {
  setTimeout(() => process.exit(), 3000).unref();
}
