{{- define "habit-tracker.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- printf "%s-operator" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s-operator" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "habit-tracker.selector" -}}
app.kubernetes.io/name: habit-tracker-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "habit-tracker.labels" -}}
{{ include "habit-tracker.selector" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "habit-tracker.image" -}}
{{- $repository := .Values.image.repository | default (printf "%s/operator" .Values.image.registry) -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
