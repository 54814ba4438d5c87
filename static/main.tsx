import './styles/index.css';
import { render } from 'preact';
import { loadCatalog } from './api/catalog.ts';
import { App } from './app.tsx';
import { applyTheme } from './ui/theme.ts';

applyTheme();
void loadCatalog();
render(<App />, document.getElementById('app') as HTMLElement);
