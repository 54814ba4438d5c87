import { effect, signal } from '@preact/signals';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const kept = localStorage.getItem('tessera-theme');
export const theme = signal<Theme>(themes.find((name) => name === kept) ?? 'system');

export function cycleTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length];
}

export function applyTheme(): void {
  effect(() => {
    localStorage.setItem('tessera-theme', theme.value);
    const root = document.documentElement;
    if (theme.value === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
  });
}
