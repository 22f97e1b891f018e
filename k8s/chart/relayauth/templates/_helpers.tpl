{{- define "relayauth.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 45 | trimSuffix "-" -}}
{{- end -}}

{{- define "relayauth.services" -}}
identity token policy audit revocation
{{- end -}}

{{/*
Which service owns a path: the first pattern that matches, and, as ingress-nginx has it, the longest.
Those of a service that follow each other make one rule of an HTTPRoute, which has room for sixteen.
Nothing else is exposed.
*/}}
{{- define "relayauth.routes" -}}
routes:
  - {service: audit, path: "/v1/identities/[^/]+/activity(/.*)?"}
  - {service: audit, path: "/v1/sessions/[^/]+/timeline(/.*)?"}
  - {service: policy, path: "/v1/identities/[^/]+/(budget|roles)(/.*)?"}
  - {service: policy, path: "/\\.well-known/authzen-configuration"}
  - {service: token, path: "/v1/identities/[^/]+/keys(/.*)?"}
  - {service: revocation, path: "/v1/tokens/(revoke|revocation)(/.*)?"}
  - {service: revocation, path: "/\\.well-known/ssf-configuration"}
  - {service: identity, path: "/v1/identities([:/].*)?"}
  - {service: identity, path: "/(openapi|asyncapi)\\.yaml"}
  - {service: identity, path: "/schemas/[a-z0-9.-]+\\.json"}
  - {service: identity, path: "/health"}
  - {service: identity, path: "/v1/(organizations|workspaces|sponsors|api-keys|config)([:/].*)?"}
  - {service: policy, path: "/v1/(roles|policies|authorize|scopes|budgets|decisions|approvals|policy-tests|search|ext-authz)([:/].*)?"}
  - {service: policy, path: "/access/v1(/.*)?"}
  - {service: token, path: "/v1/tokens([:/].*)?"}
  - {service: token, path: "/v1/(sessions|keys)([:/].*)?"}
  - {service: token, path: "/oauth(/.*)?"}
  - {service: token, path: "/\\.well-known(/.*)?"}
  - {service: revocation, path: "/v1/revocations([:/].*)?"}
  - {service: revocation, path: "/ssf(/.*)?"}
  - {service: audit, path: "/v1/(audit|observer|stats)([:/].*)?"}
  - {service: audit, path: "/console(/.*)?"}
{{- end -}}

{{/* Who calls whom between services; NetworkPolicies are made of this. */}}
{{- define "relayauth.calls" -}}
identity: [identity, token, policy, revocation]
token: [identity, token, policy, revocation]
policy: [identity, token, policy, revocation, audit]
audit: [identity, token, policy, revocation]
revocation: [identity, token, policy, revocation]
{{- end -}}

{{/* Least ACLs: what each service reads and writes in Kafka. */}}
{{- define "relayauth.topics" -}}
identity: {reads: [relayauth.identity.v1, relayauth.policy.v1, relayauth.revocation.v1], writes: [relayauth.identity.v1, relayauth.audit.v1, relayauth.audit-epoch.v1]}
token: {reads: [relayauth.identity.v1, relayauth.policy.v1, relayauth.revocation.v1], writes: [relayauth.audit.v1, relayauth.audit-epoch.v1]}
policy: {reads: [relayauth.identity.v1, relayauth.policy.v1, relayauth.revocation.v1], writes: [relayauth.policy.v1, relayauth.audit.v1, relayauth.audit-epoch.v1]}
audit: {reads: [relayauth.identity.v1, relayauth.policy.v1, relayauth.revocation.v1, relayauth.audit.v1, relayauth.audit-epoch.v1, relayauth.dead-letter.v1], writes: [relayauth.audit.v1, relayauth.audit-epoch.v1, relayauth.dead-letter.v1]}
revocation: {reads: [relayauth.identity.v1, relayauth.policy.v1, relayauth.revocation.v1], writes: [relayauth.revocation.v1, relayauth.audit.v1, relayauth.audit-epoch.v1]}
{{- end -}}

{{/* The settings of one service: its own over the defaults. Takes (root, service). */}}
{{- define "relayauth.settings" -}}
{{- $root := index . 0 -}}{{- $service := index . 1 -}}
{{- $own := index $root.Values.services $service | default dict -}}
{{- toYaml (mergeOverwrite (deepCopy $root.Values.defaults) (deepCopy $own)) -}}
{{- end -}}

{{- define "relayauth.labels" -}}
{{- $root := index . 0 -}}{{- $service := index . 1 -}}
app.kubernetes.io/name: relayauth
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ $service }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end -}}

{{- define "relayauth.selector" -}}
{{- $root := index . 0 -}}{{- $service := index . 1 -}}
app.kubernetes.io/name: relayauth
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ $service }}
{{- end -}}

{{- define "relayauth.image" -}}
{{- $root := index . 0 -}}{{- $service := index . 1 -}}
{{- $name := printf "%s/relayauth-%s" $root.Values.image.repository $service -}}
{{- $tag := default $root.Chart.AppVersion $root.Values.image.tag -}}
{{- if eq $root.Values.image.variant "native" -}}{{- $tag = printf "%s-native" $tag -}}{{- end -}}
{{- with index $root.Values.image.digests $service -}}
{{ $name }}@{{ . }}
{{- else -}}
{{ $name }}:{{ $tag }}
{{- end -}}
{{- end -}}

{{- define "relayauth.databaseHost" -}}
{{- if .Values.cnpg.enabled -}}{{ include "relayauth.name" . }}-db-rw{{- else -}}
{{- required "database.host: name the PostgreSQL host, or set cnpg.enabled" .Values.database.host -}}{{- end -}}
{{- end -}}

{{- define "relayauth.databaseSecret" -}}
{{- if .Values.database.existingSecret -}}{{ .Values.database.existingSecret }}
{{- else if .Values.cnpg.enabled -}}{{ include "relayauth.name" . }}-db-app
{{- else -}}{{ fail "database.existingSecret: name the Secret with PostgreSQL's user and password" }}{{- end -}}
{{- end -}}

{{/* The Secret with the CA of PostgreSQL; CloudNativePG has one of its own making. */}}
{{- define "relayauth.databaseCaSecret" -}}
{{- if hasPrefix "verify-" .Values.database.sslMode -}}
{{- if .Values.database.caSecret -}}{{ .Values.database.caSecret }}
{{- else if .Values.cnpg.enabled -}}{{ include "relayauth.name" . }}-db-ca
{{- else -}}{{ fail "database.caSecret: verify-ca and verify-full need a Secret with the CA of PostgreSQL" }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* The namespace of the Kafka resource. */}}
{{- define "relayauth.strimziNamespace" -}}
{{- default .Release.Namespace .Values.strimzi.namespace -}}
{{- end -}}

{{/* Ports of Kafka's listeners, as JSON: those named, or those of the bootstrap servers. */}}
{{- define "relayauth.kafkaPorts" -}}
{{- $ports := list -}}
{{- range splitList "," (include "relayauth.kafkaBootstrap" .) -}}
{{- $ports = append $ports (splitList ":" . | last | int) -}}
{{- end -}}
{{- default $ports .Values.networkPolicy.kafkaPorts | uniq | toJson -}}
{{- end -}}

{{/* The port of the collector of traces. */}}
{{- define "relayauth.tracingPort" -}}
{{- $port := regexFind ":[0-9]+" (.Values.tracing.endpoint | trimPrefix "https://" | trimPrefix "http://") -}}
{{- default "4317" (trimPrefix ":" $port) -}}
{{- end -}}

{{- define "relayauth.kafkaBootstrap" -}}
{{- if .Values.kafka.bootstrapServers -}}{{ .Values.kafka.bootstrapServers }}
{{- else if .Values.strimzi.enabled -}}{{ .Values.strimzi.cluster }}-kafka-bootstrap.{{ include "relayauth.strimziNamespace" . }}.svc:9093
{{- else -}}{{ fail "kafka.bootstrapServers: name Kafka's bootstrap servers, or set strimzi.enabled" }}{{- end -}}
{{- end -}}

{{- define "relayauth.kafkaProtocol" -}}
{{- if .Values.strimzi.enabled -}}SSL{{- else -}}{{ .Values.kafka.securityProtocol }}{{- end -}}
{{- end -}}

{{- define "relayauth.caSecret" -}}
{{- if .Values.kafka.caSecret -}}{{ .Values.kafka.caSecret }}
{{- else if .Values.strimzi.enabled -}}{{ .Values.strimzi.cluster }}-cluster-ca-cert{{- end -}}
{{- end -}}

{{- define "relayauth.host" -}}
{{- .Values.issuer | trimPrefix "https://" | trimPrefix "http://" | splitList ":" | first -}}
{{- end -}}

{{/* More than one replica, now or when the autoscaler wants. Takes the settings. */}}
{{- define "relayauth.several" -}}
{{- if .autoscaling.enabled -}}{{- if gt (int .autoscaling.minReplicas) 1 -}}yes{{- end -}}
{{- else if gt (int .replicas) 1 -}}yes{{- end -}}
{{- end -}}
