import './styles/index.css';
import { render } from 'preact';
import { loadCatalog } from './api/catalog.ts';
import { finishSignIn } from './api/sign-in.ts';
import { App } from './app.tsx';
import { say } from './ui/messages.tsx';
import { applyTheme } from './ui/theme.ts';

applyTheme();
await finishSignIn().catch((error: Error) => say(error.message, true));
void loadCatalog();
render(<App />, document.getElementById('app') as HTMLElement);
