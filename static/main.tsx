import './styles/index.css';
import { render } from 'preact';
import { loadCatalogue } from './api/catalogue.ts';
import { App } from './app.tsx';
import { applyTheme } from './ui/theme.ts';

applyTheme();
void loadCatalogue();
render(<App />, document.getElementById('app') as HTMLElement);
