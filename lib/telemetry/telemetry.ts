/** Sends traces and metrics to an OpenTelemetry collector or to Application Insights. */
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { observeLog } from '../log.ts';
import { version } from '../project-root.ts';
import { recordMetrics } from './metrics.ts';
import { type FinishedSpan, spansOf } from './spans.ts';

/** Where traces and metrics go. */
export interface TelemetryTargets {
  /** Of a collector; empty for none. */
  otlpEndpoint: string;
  /** Connection string of Application Insights; empty for none. */
  insights: string;
  /** Of the identity that sends to it; null for none. */
  insightsClientId: string | null;
}

/** Where they come from, and how many. */
export interface TelemetrySource {
  /** The share of tasks that are traced. */
  ratio: number;
  /** Between two exports of metrics. */
  intervalMs: number;
  role: string;
  group: string;
  instance: string;
  /** Of this instance. */
  cores: number;
}

interface Exporters {
  spans: SpanExporter;
  metrics: PushMetricExporter;
}

export class Telemetry {
  readonly #spans: BatchSpanProcessor[];
  readonly #meters: MeterProvider;
  readonly #stopObserving: () => void;

  private constructor(spans: BatchSpanProcessor[], meters: MeterProvider, stopObserving: () => void) {
    this.#spans = spans;
    this.#meters = meters;
    this.#stopObserving = stopObserving;
  }

  /** From now on every log event counts. */
  static start(
    exporters: Exporters[],
    { ratio, role, group, instance, cores, intervalMs }: TelemetrySource,
  ): Telemetry {
    const resource = resourceFromAttributes({
      'service.name': `tessera-${role}`,
      'service.version': version,
      'service.instance.id': instance,
    });
    const processors = exporters.map(({ spans }) => new BatchSpanProcessor(spans));
    const readers = exporters.map(
      ({ metrics }) => new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: intervalMs }),
    );
    const meters = new MeterProvider({ resource, readers });
    const record = recordMetrics(meters.getMeter('tessera'), { role, group, cores });
    const stop = observeLog((event, facts, subject) => {
      record(event, facts, subject);
      for (const span of spansOf(event, facts, subject, ratio))
        for (const processor of processors) processor.onEnd(readable(span, resource));
    });
    return new Telemetry(processors, meters, stop);
  }

  /** Sends what there is. */
  async flush(): Promise<void> {
    await Promise.all([...this.#spans.map((processor) => processor.forceFlush()), this.#meters.forceFlush()]);
  }

  async stop(): Promise<void> {
    this.#stopObserving();
    await Promise.all([...this.#spans.map((processor) => processor.shutdown()), this.#meters.shutdown()]);
  }
}

/** Those that the options name; libraries are loaded where they are used. */
export async function exportersFor({
  otlpEndpoint,
  insights,
  insightsClientId,
}: TelemetryTargets): Promise<Exporters[]> {
  const exporters: Exporters[] = [];
  if (otlpEndpoint !== '') {
    const [{ OTLPTraceExporter }, { OTLPMetricExporter }] = await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/exporter-metrics-otlp-http'),
    ]);
    exporters.push({
      spans: new OTLPTraceExporter({ url: `${otlpEndpoint}/v1/traces` }),
      metrics: new OTLPMetricExporter({ url: `${otlpEndpoint}/v1/metrics` }) as PushMetricExporter,
    });
  }
  if (insights !== '') {
    const { AzureMonitorMetricExporter, AzureMonitorTraceExporter } = await import(
      '@azure/monitor-opentelemetry-exporter'
    );
    const { credentialOf } = await import('../storage/identity.ts');
    const credential =
      insightsClientId === null ? {} : { credential: credentialOf({ kind: 'managed', clientId: insightsClientId }) };
    const options = { connectionString: insights, ...credential };
    exporters.push({
      spans: new AzureMonitorTraceExporter(options) as SpanExporter,
      metrics: new AzureMonitorMetricExporter(options) as PushMetricExporter,
    });
  }
  return exporters;
}

const kinds = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/** Application Insights has the name of a consumer's span from this attribute alone. */
const operationName = 'ai.operation.name';

function readable(span: FinishedSpan, resource: Resource): ReadableSpan {
  const { name, traceId, spanId, parentSpanId, error } = span;
  const attributes = span.kind === 'consumer' ? { ...span.attributes, [operationName]: name } : span.attributes;
  const at = (spanId: string, traceId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  return {
    name,
    kind: kinds[span.kind],
    attributes,
    resource,
    ended: true,
    events: [],
    spanContext: () => at(spanId, traceId),
    ...(parentSpanId !== null && { parentSpanContext: { ...at(parentSpanId, traceId), isRemote: true } }),
    startTime: millisToHrTime(span.start),
    endTime: millisToHrTime(span.end),
    duration: millisToHrTime(span.end - span.start),
    status: error === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
    links: span.links.map((link) => ({ context: at(link.spanId, link.traceId) })),
    instrumentationScope: { name: 'tessera' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
