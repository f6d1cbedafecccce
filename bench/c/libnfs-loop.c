/* Mounts and unmounts in user space, by libnfs: libnfs-loop URL */
#include <sys/time.h>

#include <nfsc/libnfs.h>

#include "loop.h"

static const char *url;
static char reason[200];

static const char *keep(struct nfs_context *nfs)
{
	snprintf(reason, sizeof reason, "%s", nfs_get_error(nfs));
	return reason;
}

/* NFSv4 has no unmounting: the end of the connection is the end of it. */
static const char *check(void)
{
	const char *problem = NULL;
	struct nfs_context *nfs = nfs_init_context();
	struct nfs_url *target;

	if (nfs == NULL)
		return "no context";
	target = nfs_parse_url_dir(nfs, url);
	if (target == NULL || nfs_mount(nfs, target->server, target->path) != 0 ||
	    (strstr(url, "version=4") == NULL && nfs_umount(nfs) != 0))
		problem = keep(nfs);
	if (target != NULL)
		nfs_destroy_url(target);
	nfs_destroy_context(nfs);
	return problem;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	url = argv[1];
	return serve(check);
}
