import { computed, effect, signal } from '@preact/signals';

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

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(darkSystem.matches);
darkSystem.addEventListener('change', ({ matches }) => (systemIsDark.value = matches));

/** What one sees: for what is drawn rather than styled. */
export const themeSeen = computed(() =>
  theme.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : theme.value,
);
