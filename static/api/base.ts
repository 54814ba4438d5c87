/** `config.json` beside the page says where the API is; empty: where the page came from. */
const config = (await (await fetch('config.json')).json()) as { api: string };

export const apiBase = (config.api || location.origin).replace(/\/$/, '');
