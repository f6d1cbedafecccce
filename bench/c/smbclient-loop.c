/* Connects, logs in, connects to a share and leaves, by libsmbclient: smbclient-loop URL USER PASSWORD */
#include <errno.h>
#include <libsmbclient.h>
#include <sys/stat.h>

#include "loop.h"

static const char *url, *user, *password;

static void give_login(SMBCCTX *context, const char *server, const char *share, char *workgroup,
		       int workgroup_size, char *name, int name_size, char *secret, int secret_size)
{
	(void)context, (void)server, (void)share, (void)workgroup, (void)workgroup_size;
	snprintf(name, name_size, "%s", user);
	snprintf(secret, secret_size, "%s", password);
}

/* A context keeps its connections, so each check gets a new one; a stat makes it connect. */
static const char *check(void)
{
	struct stat found;
	const char *problem = NULL;
	SMBCCTX *context = smbc_new_context();

	if (context == NULL)
		return "no context";
	smbc_setFunctionAuthDataWithContext(context, give_login);
	smbc_setOptionUseKerberos(context, 0);
	smbc_setOptionNoAutoAnonymousLogin(context, 1);
	if (smbc_init_context(context) == NULL)
		problem = "the context could not be initialised";
	else if (smbc_getFunctionStat(context)(context, url, &found) != 0)
		problem = strerror(errno);
	smbc_free_context(context, 1);
	return problem;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	url = argv[1];
	user = argv[2];
	password = argv[3];
	return serve(check);
}
