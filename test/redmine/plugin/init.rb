require 'net/http'
require 'openssl'

Redmine::Plugin.register :baton_webhook do
  name 'Baton webhook'
  description 'Posts every change of an issue, signed, to one address.'
  version '1.0.0'
end

# Redmine's own hook runs inside the transaction: whoever reads the issue on its word sees the old one.
Journal.after_commit(on: :create) do
  person = ->(one) { one && { id: one.id, login: one.try(:login), mail: one.try(:mail) } }
  issue = Issue.find(journalized_id)
  body = {
    id: "journal-#{id}", event: 'issue_updated', actor: person.(user),
    issue: { id: issue.id, lock_version: issue.lock_version, updated_on: issue.updated_on.utc.iso8601,
             assignee: person.(issue.assigned_to), status: issue.status.name, closed: issue.closed? },
    changes: details.map { |one| { field: one.prop_key, old: one.old_value, new: one.value } }
  }.to_json
  signature = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('BATON_WEBHOOK_SECRET'), body)
  headers = { 'Content-Type' => 'application/json', 'X-Redmine-Signature-256' => "sha256=#{signature}" }
  Net::HTTP.post(URI(ENV.fetch('BATON_WEBHOOK_URL')), body, headers)
rescue StandardError => error
  Rails.logger.error("The webhook of journal #{id} was not posted: #{error.message}")
end
