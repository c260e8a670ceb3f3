<?xml version="1.0" encoding="UTF-8"?>
<!-- Every answer that is an error: what happened, the request ID, a way on. With 409 for a form of another
     context: the choice between the two. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'error']" mode="heading"><xsl:value-of select="/t:page/t:error/@title"/></xsl:template>

<xsl:template match="t:page[@kind = 'error']" mode="content">
	<xsl:for-each select="t:error">
		<div class="card narrow oops">
			<p class="status" aria-hidden="true"><xsl:value-of select="@status"/></p>
			<h1><xsl:value-of select="@title"/></h1>
			<xsl:choose>
				<xsl:when test="t:stale">
					<xsl:for-each select="t:stale"><xsl:call-template name="stale"/></xsl:for-each>
				</xsl:when>
				<xsl:otherwise>
					<xsl:if test="@detail"><p><xsl:value-of select="@detail"/></p></xsl:if>
					<xsl:if test="@parameter"><p>Parameter: <code><xsl:value-of select="@parameter"/></code></p></xsl:if>
					<xsl:if test="@retry"><p>Try again in <xsl:value-of select="@retry"/> seconds.</p></xsl:if>
					<p class="foot"><a class="button primary" href="{$base}">Back to the start</a></p>
				</xsl:otherwise>
			</xsl:choose>
			<p class="soft">Request ID <code><xsl:value-of select="/t:page/@request"/></code></p>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="stale">
	<p>You are now acting as <bdi><xsl:value-of select="@now-name"/></bdi>, this form was for <bdi><xsl:value-of select="@was-name"/></bdi>. Nothing has been changed.</p>
	<div class="foot">
		<xsl:choose>
			<xsl:when test="@next"><a class="button primary"><xsl:call-template name="href"><xsl:with-param name="to" select="concat(substring($base, 1, string-length($base) - 1), @next)"/></xsl:call-template><span>Continue as <bdi><xsl:value-of select="@now-name"/></bdi></span></a></xsl:when>
			<xsl:otherwise><a class="button primary" href="{$base}"><span>Continue as <bdi><xsl:value-of select="@now-name"/></bdi></span></a></xsl:otherwise>
		</xsl:choose>
		<form method="post" action="{$base}switch">
			<xsl:call-template name="token"/>
			<input type="hidden" name="tenant" value="{@was-id}"/>
			<xsl:if test="@next"><input type="hidden" name="next" value="{@next}"/></xsl:if>
			<button><span>Switch to <bdi><xsl:value-of select="@was-name"/></bdi> and continue</span></button>
		</form>
	</div>
</xsl:template>
</xsl:stylesheet>
