/** The API's own OpenAPI document, for reading and trying out. */
import SwaggerUi from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import { apiBase } from './api/base.ts';

SwaggerUi({
  url: `${apiBase}/api/openapi.json`,
  domNode: document.getElementById('reference'),
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
