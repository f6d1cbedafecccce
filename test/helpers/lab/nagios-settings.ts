const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** Objects that every configuration of Nagios needs: a time called always, and a contact that is told nothing. */
export const nobody = `
define timeperiod {
  timeperiod_name always
  alias always
  ${days.map((day) => `${day} 00:00-24:00`).join('\n  ')}
}
define command {
  command_name nothing
  command_line /bin/true
}
define contact {
  contact_name nobody
  host_notifications_enabled 0
  service_notifications_enabled 0
  host_notification_period always
  service_notification_period always
  host_notification_commands nothing
  service_notification_commands nothing
}
`

/** The main file of a Nagios that has all it needs, objects.cfg too, in /run/nagios, and makes haste. */
export const nagiosSettings = `
cfg_file=/run/nagios/objects.cfg
log_file=/run/nagios/nagios.log
object_cache_file=/run/nagios/objects.cache
status_file=/run/nagios/status.dat
state_retention_file=/run/nagios/retention.dat
temp_file=/run/nagios/nagios.tmp
temp_path=/run/nagios
lock_file=/run/nagios/nagios.lock
command_file=/run/nagios/nagios.cmd
query_socket=/run/nagios/nagios.qh
check_result_path=/run/nagios/results
nagios_user=root
nagios_group=root
interval_length=2
status_update_interval=1
service_inter_check_delay_method=n
max_service_check_spread=1
`
