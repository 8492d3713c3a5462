# Puts in place what the test needs, as often as it runs, and says in its last line where: accounts, an issue of its own.
Setting.rest_api_enabled = '1'
Redmine::DefaultData::Loader.load('en') if Redmine::DefaultData::Loader.no_data?

def account(login, admin: false)
  user = User.find_by_login(login) || User.new(firstname: login.capitalize, lastname: 'Acme', mail: "#{login}@acme.io")
  user.login = login
  user.admin = admin
  user.password = SecureRandom.hex(16)
  user.must_change_passwd = false
  user.tap(&:save!)
end

accounts = { baton: account('baton', admin: true), mona: account('mona', admin: true),
             bob: account('bob'), carol: account('carol') }
project = Project.find_by_identifier('shop') ||
          Project.create!(name: 'Shop', identifier: 'shop', trackers: Tracker.all.to_a)
role = Role.find_by!(name: 'Manager')
accounts.each_value do |user|
  Member.create!(project: project, principal: user, roles: [role]) unless user.member_of?(project)
end
issue = Issue.create!(project: project, tracker: project.trackers.first, author: accounts[:mona],
                      subject: 'Broken', priority: IssuePriority.first)
puts({ issue: issue.id, accounts: accounts.transform_values { |user| { id: user.id, key: user.api_key } } }.to_json)
